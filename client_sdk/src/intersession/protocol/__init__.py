"""The replica's half of the protocol, without a network: how to drive it.

A `Session` is one connection's life as a pure machine. It is told events and answers with effects; the driver
(`intersession.sync.conversation`) owns the socket, the store and the clock:

    session = Session(pace)
    effects = session.handle(Opened(replica, agent, cursors), now)   # the socket stands: the first effect sends `hello`
    while effects or not over:
        for effect in effects:                       # in their order, each finished before the next is begun
            match effect:
                case Send(frame):        write it to the socket
                case ReadOutbox():       effects of session.handle(OutboxRead(items), now) come next
                case StorePage(page):    keep the page and its cursor in one transaction, then apply it
                case Settle() | Refuse() | Resend() | Join() | Purge() | Stop() …:  one transaction each
        wait for a frame, for the outbox, or until session.deadline
        effects = session.handle(Received(frame) | OutboxChanged() | Tick(), now)

Three promises rest on the driver. *In order*: `purged` is sent after the purge is on disk because `Purge` comes before
that `Send`. *Finished*: an effect that cannot be carried out ends the connection, and nothing of it has happened.
*Again*: the next connection begins with a new session and the cursors that the store has then; nothing of the old one
is needed. What the session must not do by itself (time, chance, reading the outbox) it asks for.

`pace` keeps within what the server's `welcome` allows, `reconnect` says when to try again, `transfers` how far it has
come, `troubles` puts what is in the way into words, and `outgoing` cuts what waits into frames.
"""
