"""The German of what clients read about sync: where their device stands, and why something was not accepted."""

from __future__ import annotations

from collections.abc import Mapping

_TELL = (
    "Aktualisieren Sie die App und geben Sie es noch einmal ein; wenn das nicht hilft, melden Sie es dem Hersteller."
)
_RESTORED = (
    "Auf diesem Gerät wird nichts gelöscht; noch nicht gesendete Änderungen bleiben erhalten, werden aber nicht"
    " gesendet. Behalten Sie die Daten dieses Geräts und sagen Sie der Praxis Bescheid."
)

GERMAN_SYNC: Mapping[str, str] = {
    "paired, shares": "Mit {practice} verbunden als {name}. Was Sie schreiben, wird mit Ihrem Behandlungsteam geteilt,"
    " wenn Sie nichts anderes sagen.",
    "paired, private": "Mit {practice} verbunden als {name}. Was Sie schreiben, bleibt privat, wenn Sie nichts anderes"
    " sagen.",
    "not paired": "Noch nicht verbunden.",
    "one change sent": "1 Änderung gesendet, {pulled} empfangen.",
    "changes sent": "{count} Änderungen gesendet, {pulled} empfangen.",
    "so many refused": "{count} nicht angenommen, siehe `intersession status`.",
    "in sync": "Alles ist abgeglichen.",
    "all is kept": "Alles, was Sie geschrieben haben, bleibt erhalten.",
    "nothing to send": "Nichts zu senden.",
    "one change waits": "1 Änderung wartet darauf, gesendet zu werden, seit {since}.",
    "changes wait": "{count} Änderungen warten darauf, gesendet zu werden, die älteste seit {since}.",
    "last sync": "Letzter Abgleich: {moment}.",
    "never": "noch nie",
    "one document unread": "1 Dokument ist empfangen und noch nicht gelesen: Bis dahin sind Listen, Suche und Verläufe"
    " unvollständig.",
    "documents unread": "{count} Dokumente sind empfangen und noch nicht gelesen: Bis dahin sind Listen, Suche und"
    " Verläufe unvollständig.",
    "clock ahead": "Die Uhr dieses Geräts geht gegenüber der des Servers um {span} vor. Prüfen Sie Datum und Uhrzeit.",
    "clock behind": "Die Uhr dieses Geräts geht gegenüber der des Servers um {span} nach. Prüfen Sie Datum und"
    " Uhrzeit.",
    "access ended": "Die Praxis hat den Zugang dieses Geräts beendet.",
    "problem since": "Problem seit {moment}: {message}",
    "one thing unreadable": "1 Teil dessen, was der Server gesendet hat, ist nicht lesbar. Aktualisieren Sie die App;"
    " wenn das nicht hilft, sagen Sie der Praxis Bescheid.",
    "things unreadable": "{count} Teile dessen, was der Server gesendet hat, sind nicht lesbar. Aktualisieren Sie die"
    " App; wenn das nicht hilft, sagen Sie der Praxis Bescheid.",
    "stopped": "Angehalten: {record} kann nicht abgeglichen werden ({code}). {message}",
    "not accepted": "Nicht angenommen am {moment} ({code}): {message}",
    "its text": "Der Text ist hier erhalten:",
    "one day": "1 Tag",
    "days": "{count} Tage",
    "one hour": "1 Stunde",
    "hours": "{count} Stunden",
    "one minute": "1 Minute",
    "minutes": "{count} Minuten",
    "one second": "1 Sekunde",
    "seconds": "{count} Sekunden",
    "trouble unreachable": "Der Server antwortet nicht. Prüfen Sie die Netzwerkverbindung dieses Geräts.",
    "trouble refuses": "Diese Adresse lehnt die Verbindung ab (HTTP 403). Fragen Sie die Praxis nach der Adresse des"
    " Servers; wenn es diese ist, sperrt das Netzwerk sie.",
    "trouble another server": "Die Antwort kam nicht von einem Intersession-Server (HTTP {status}). Prüfen Sie Adresse"
    " und Netzwerk.",
    "trouble connection_lost": "Die Verbindung zum Server ist abgebrochen. Der Rest wird gesendet, wenn sie wieder da"
    " ist.",
    "trouble store_full": "Der Speicher dieses Geräts ist voll. Schaffen Sie Platz; nichts Geschriebenes ist verloren.",
    "trouble bad answer": "Der Server hat etwas gesendet, das diese App nicht versteht. Aktualisieren Sie die App oder"
    " sagen Sie der Praxis Bescheid.",
    "trouble protocol_error": "Der Server hat nicht verstanden, was diese App gesendet hat. Aktualisieren Sie die App"
    " oder sagen Sie der Praxis Bescheid.",
    "trouble no_stream": "Die Praxis hat noch keine Akte für das angelegt, was Sie teilen. Es wartet auf diesem Gerät;"
    " wenden Sie sich an die Praxis.",
    "trouble access_ended": "Die Praxis hat den Zugang dieses Geräts beendet. Was noch nicht gesendet war, bleibt als"
    " Text erhalten. Verbinden Sie das Gerät mit einem neuen Code.",
    "trouble too_many_files": "Diese App hat zu viele Dateien geöffnet, um eine Verbindung aufzubauen (EMFILE). Beenden"
    " Sie sie und starten Sie sie neu.",
    "trouble going_away": "Der Server startet neu. Dieses Gerät verbindet sich, sobald er wieder da ist.",
    "trouble wrong_token": "Der Server kennt dieses Gerät nicht: Er wurde aus einer älteren Sicherung wiederhergestellt"
    " oder ersetzt. Was Sie geschrieben haben, bleibt hier. Bitten Sie die Praxis um einen neuen Code und verbinden Sie"
    " das Gerät noch einmal. Wenn es dann heißt, dass diese Daten einer anderen Person gehören, ist der Server neu:"
    " Holen Sie Ihre Daten in einen neuen Speicher mit `intersession import store`.",
    "trouble too_slow": "Die Verbindung ist zu langsam: Der Server hat nicht länger gewartet. Versuchen Sie es in einem"
    " schnelleren Netz noch einmal.",
    "trouble frame_too_large": "Der Server nimmt so große Nachrichten nicht an. Dieses Gerät sendet beim nächsten Mal"
    " kleinere.",
    "trouble upgrade_required": "Der Server spricht eine andere Version des Protokolls. Aktualisieren Sie die App;"
    " alles, was Sie geschrieben haben, bleibt erhalten.",
    "trouble too_many": "Sie haben zu viele Verbindungen offen. Schließen Sie die App auf einem anderen Gerät.",
    "trouble server_error": "Der Server hat ein Problem. Das liegt nicht an Ihrem Gerät; versuchen Sie es später noch"
    " einmal.",
    "trouble unavailable": "Der Server nimmt gerade keine Verbindungen an (HTTP {status}). Versuchen Sie es später noch"
    " einmal.",
    "trouble timeout": "Der Abgleich hat seine Zeitgrenze erreicht. Gleichen Sie noch einmal ab, um weiterzumachen.",
    "refusal unknown_stream": "Sie haben auf diese Akte keinen Zugriff mehr. Fragen Sie die Praxis, wenn das ein"
    " Irrtum ist.",
    "refusal unknown_kind": "Der Server der Praxis nimmt diese Art von Eintrag hier nicht an: Server oder App sind"
    " veraltet. Aktualisieren Sie die App oder bitten Sie die Praxis, ihren Server zu aktualisieren.",
    "refusal not_writer": "Ihre Rolle in der Praxis erlaubt nicht, das zu schreiben. Bitten Sie jemanden aus dem"
    " Behandlungsteam oder die Klientin oder den Klienten, es einzugeben.",
    "refusal not_author": "Das hat jemand anderes geschrieben, und nur diese Person kann es ändern. Schreiben Sie"
    " stattdessen etwas Neues.",
    "refusal wrong_person": "Hier ist jemand anderes als Verfasser genannt. Geben Sie es unter Ihrem Namen ein.",
    "refusal wrong_document": "Das wurde vorher als andere Art von Eintrag gespeichert: Die App hat einen Fehler."
    f" {_TELL}",
    "refusal erased": "Das wurde zurückgezogen oder endgültig gelöscht und lässt sich nicht wiederherstellen. Schreiben"
    " Sie stattdessen etwas Neues.",
    "refusal bad_change": f"Diese Änderung ist nicht lesbar: Die App, die sie gemacht hat, hat einen Fehler. {_TELL}",
    "refusal bad_checksum": "Diese Änderung wurde auf dem Weg oder auf der Festplatte beschädigt. Geben Sie sie noch"
    " einmal ein; wenn das wieder geschieht, lassen Sie den Speicher des Geräts prüfen.",
    "refusal too_large": "Diese Änderung oder der Eintrag, zu dem sie gehört, ist zu groß. Teilen Sie ihn auf.",
    "refusal too_many_operations": "Dieser Eintrag wurde zu oft bearbeitet, oder die Änderung ist zu groß. Teilen Sie"
    " ihn auf oder schreiben Sie in einem neuen weiter.",
    "refusal actor_reused": "Diese Änderung hat dieselbe Nummer wie eine andere. Das kann geschehen, wenn die Daten"
    " bei geöffneter App kopiert wurden. Starten Sie die App neu und geben Sie sie noch einmal ein.",
    "refusal actor_taken": "Diese Änderung ist als die einer anderen Person gekennzeichnet. Das kann geschehen, wenn"
    " die Daten bei geöffneter App kopiert wurden. Starten Sie die App neu und geben Sie sie noch einmal ein.",
    "refusal missing_dependency": "Eine frühere Änderung, auf der diese aufbaut, ist noch nicht angekommen. Beide"
    " werden von selbst noch einmal gesendet; Sie müssen nichts tun.",
    "refusal dependency_refused": "Diese Änderung baut auf einer auf, die nicht angenommen wurde. Geben Sie sie noch"
    " einmal ein.",
    "refusal does_not_apply": "Diese Änderung wurde nicht angenommen: Sie würde etwas Endgültiges ändern, etwa eine"
    " abgeschlossene Antwort, oder passt nicht zu dem Eintrag. Schreiben Sie stattdessen einen neuen oder eine"
    " Berichtigung.",
    "refusal busy": "Der Server der Praxis ist ausgelastet. Es wird von selbst noch einmal gesendet; Sie müssen nichts"
    " tun.",
    "refusal rate_limited": "Es wurde zu viel auf einmal gesendet. Es wird von selbst noch einmal gesendet; Sie müssen"
    " nichts tun.",
    "refusal storage_full": "Auf dem Server der Praxis ist für diese Akte kein Platz mehr. Was Sie geschrieben haben,"
    " bleibt auf diesem Gerät und wird gesendet, sobald Platz ist: Bitten Sie die Praxis, die Grenze anzuheben, oder"
    " löschen Sie, was nicht mehr gebraucht wird.",
    "refusal storage_failed": "Der Server der Praxis konnte nicht speichern und hat nichts angenommen. Es wird von"
    " selbst noch einmal gesendet; wenn das so bleibt, sagen Sie der Praxis Bescheid.",
    "refusal log_diverged": "Der Server der Praxis hat nicht mehr, was dieses Gerät früher von ihm empfangen hat. Das"
    " bleibt auf dem Gerät und wird gesendet, sobald der Server es wieder hat; sagen Sie der Praxis Bescheid.",
    "stopped log_diverged": "Der Server der Praxis hat nicht mehr, was dieses Gerät früher von ihm empfangen hat;"
    f" wahrscheinlich wurde er aus einer älteren Sicherung wiederhergestellt. {_RESTORED}",
    "stopped unknown_stream": "Der Server der Praxis kennt diese Akte nicht; wahrscheinlich wurde er aus einer älteren"
    f" Sicherung wiederhergestellt oder ersetzt. {_RESTORED}",
    "stopped stream_damaged": "Ein Teil dieser Akte ist auf dem Server der Praxis beschädigt und wird deshalb nicht"
    " gesendet; was dieses Gerät hat, ist nicht betroffen. Noch nicht gesendete Änderungen bleiben erhalten. Behalten"
    " Sie die Daten dieses Geräts und sagen Sie der Praxis Bescheid.",
}
