"""Whatever is sent to whichever route of the OpenAPI document: an answer, or a problem in words."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import product
from typing import Any
from uuid import uuid4

import httpx
import pytest
from tests.server.web.practice import Practice

pytestmark = pytest.mark.anyio

QUOTED = "Zaunkoenig in a request"
"""What no problem may quote."""

NOT_JSON = {
    "nothing": b"",
    "a space": b" ",
    "NUL": b"\x00",
    "brackets": b"[" * 60_000,
    "objects": b'{"a":' * 12_000,
    "closed brackets": b"[" * 30_000 + b"]" * 30_000,
    "cut off": b'{"what": "' + QUOTED.encode(),
    "two values": b"{}{}",
    "single quotes": b"{'what': 1}",
    "a comma too many": b'{"what": "x",}',
    "NaN": b'{"what": NaN, "order": NaN}',
    "infinity": b'{"what": -Infinity}',
    "bad UTF-8": b'{"what": "\xff\xfe"}',
    "bad UTF-8 in a key": b'{"\xc3\x28": 1}',
    "overlong": b'{"what": "\xc0\xaf"}',
    "a surrogate's bytes": b'{"what": "\xed\xa0\x80"}',
    "UTF-16": '{"what": "x"}'.encode("utf-16"),
    "UTF-32": '{"what": "x"}'.encode("utf-32"),
    "a control character": b'{"what": "a\x01b"}',
    "a bad escape": b'{"what": "\\x41"}',
    "half an escape": b'{"what": "\\u00"}',
    "msgpack": b"\x81\xa4what\xa1x",
    "gzip": b"\x1f\x8b\x08\x00\x00\x00\x00\x00",
}
"""Bodies that no decoder of JSON takes."""

ODD: list[Any] = [
    None,
    True,
    0,
    -1,
    0.5,
    -0.0,
    10**30,
    2**63,
    1e308,
    "",
    " ",
    "x",
    "0",
    "null",
    "x" * 70_000,
    "a\x00b",
    "\u202e\u2028",
    "0001-01-01",
    "9999-12-31",
    "0001-01-01T00:00:00+01:00",
    "9999-12-31T23:59:59-14:00",
    "2026-02-30",
    "24:00:00",
    "00000000-0000-0000-0000-000000000000",
    "FREQ=DAILY;INTERVAL=0",
    "FREQ=SECONDLY;UNTIL=99991231T235959Z",
    [],
    [None],
    [[]] * 300,
    {},
    {"": ""},
    {"a": None},
    {QUOTED: {QUOTED: [QUOTED]}},
    {str(n): n for n in range(3_000)},
]
"""Values that are put wherever a field is."""

RAW = {
    "a lone surrogate": '"\\ud800"',
    "a surrogate in a key": '{"\\udfff": "\\udfff"}',
    "beyond a float": "1e999",
    "many digits": "9" * 5_000,
    "small": "1e-999",
    "many decimals": "0." + "3" * 5_000,
    "nested": "[" * 900 + "]" * 900,
    "nested objects": '{"a":' * 900 + "1" + "}" * 900,
    "twice": '{"a": 1, "a": 2, "a": null}',
}
"""The same, where it has no spelling in Python."""

HEADERS: list[dict[str, str | bytes]] = [
    {"Content-Type": "text/plain"},
    {"Content-Type": "application/x-www-form-urlencoded"},
    {"Content-Type": "multipart/form-data"},
    {"Content-Type": "multipart/form-data; boundary="},
    {"Content-Type": "application/msgpack"},
    {"Content-Type": "application/json; charset=utf-16"},
    {"Content-Type": "application/json; charset=nonsense"},
    {"Content-Type": b"\xff/\xfe"},
    {"Content-Type": ""},
    {"Content-Encoding": "gzip"},
    {"Content-Length": "nonsense"},
    {"Accept": "application/nonsense"},
    {"Accept": b"\xff;q=NaN,*/*;q="},
    {"Accept-Language": "de" * 5_000},
    {"Cookie": b"\xff=\xfe; =; ;;;\x7f"},
    {"Authorization": "Bearer " + "x" * 10_000},
    {"Authorization": b"Basic \xff"},
    {"X-CSRF-Token": b"\xff"},
    {"Range": "bytes=-1"},
    {"If-None-Match": "*"},
    {"Transfer-Encoding": "nonsense"},
    {"X-HTTP-Method-Override": "DELETE"},
]


class Api:
    """The routes as the OpenAPI document says them, for one client of a signed-in therapist."""

    def __init__(self, browser: httpx.AsyncClient, document: dict[str, Any], client: str, csrf: str) -> None:
        self._browser = browser
        self._document = document
        self._client = client
        self._headers = {"X-CSRF-Token": csrf, "Content-Type": "application/json"}

    def operations(self, *, with_body: bool = False) -> Iterator[tuple[str, str, dict[str, Any]]]:
        """(method, path, operation)."""
        for path, item in self._document["paths"].items():
            for method, operation in item.items():
                # signing out would end the test's own session
                ends = path in ("/sign-out", "/api/account/sign-out-everywhere")
                if not ends and (not with_body or "requestBody" in operation):
                    yield method.upper(), path, operation

    def fields(self, operation: dict[str, Any]) -> dict[str, Any]:
        """A body that says each of its fields once, in the simplest way."""
        (content,) = operation["requestBody"]["content"].values()
        schema = self._resolved(content["schema"])
        return {name: self._simplest(one) for name, one in schema.get("properties", {}).items()}

    def required(self, operation: dict[str, Any]) -> set[str]:
        (content,) = operation["requestBody"]["content"].values()
        return set(self._resolved(content["schema"]).get("required", ()))

    async def ask(
        self, method: str, path: str, content: bytes, headers: dict[str, str | bytes] | None = None
    ) -> httpx.Response:
        url = path.replace("{client}", self._client)
        if not path.endswith("/end"):  # the client's care goes on
            url = url.replace("{person}", self._client)
        while "{" in url:
            url = url[: url.index("{")] + str(uuid4()) + url[url.index("}") + 1 :]
        given: Any = {**self._headers, **(headers or {})}
        return await self._browser.request(method, url, content=content, headers=given)

    def _resolved(self, schema: dict[str, Any]) -> dict[str, Any]:
        while "$ref" in schema:
            schema = self._document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        return schema

    def _simplest(self, schema: dict[str, Any]) -> Any:
        schema = self._resolved(schema)
        for several in ("oneOf", "anyOf"):
            if several in schema:
                return self._simplest(schema[several][0])
        if "enum" in schema:
            return schema["enum"][0]
        by_format = {"uuid": str(uuid4()), "date": "2026-03-05", "date-time": "2026-03-05T10:00:00+01:00"}
        simplest = {"string": "x", "integer": 1, "number": 1, "boolean": True, "array": [], "object": {}}
        return by_format.get(schema.get("format", ""), simplest.get(schema.get("type", ""), "x"))


@pytest.fixture
async def api(practice: Practice, noor: httpx.AsyncClient) -> Api:
    client = await practice.client("Ben", "noor")
    document = (await noor.get("/schema/openapi.json")).json()
    csrf = (await noor.get("/api/me")).json()["csrf"]
    return Api(noor, document, str(client.id), csrf)


def is_a_problem(answer: httpx.Response) -> bool:
    """Whether an answer that is none says why, for programs and for people, and quotes nothing."""
    kind = answer.headers["content-type"].partition(";")[0]
    if answer.request.url.path == "/sign-in" and kind == "text/html":  # it is the form again, with what is wrong
        return 'role="alert"' in answer.text and QUOTED not in answer.text
    if kind != "application/json":
        return False
    said = answer.json()
    return set(said) == {"code", "message"} and all(said.values()) and QUOTED not in answer.text


def problem_or_answer(answer: httpx.Response) -> bool:
    """Never the server's mistake, and no refusal without words."""
    return answer.status_code < 400 or (answer.status_code < 500 and is_a_problem(answer))


@pytest.mark.timeout(600)
async def test_what_is_no_json_is_a_400(api: Api) -> None:
    asked = 0
    for (name, body), (method, path, operation) in product(NOT_JSON.items(), api.operations(with_body=True)):
        answer = await api.ask(method, path, body)
        # pairing takes small requests, and counts them before they are read; what asks for nothing may be left out
        allowed = {400, 403, 413, 429} if path == "/pair" else {400}
        if path == "/device/reminders":  # a therapist's browser has no token of a device
            allowed = {401}
        if not body.strip() and not api.required(operation):
            allowed |= {200, 201, 204, 303, 404}
        assert answer.status_code in allowed, (name, method, path, answer.status_code, answer.text[:200])
        assert problem_or_answer(answer), (name, method, path, answer.status_code, answer.text[:200])
        asked += 1
    assert asked > 300


@pytest.mark.timeout(1_200)
@pytest.mark.parametrize("share", [pytest.param(1, marks=pytest.mark.long), 17])
async def test_no_value_of_any_field_makes_the_server_fail(api: Api, share: int) -> None:
    """Every `share`th value, another for each field."""
    asked = 0
    all_values = [json.dumps(value) for value in ODD] + list(RAW.values())
    for nth, (method, path, operation) in enumerate(api.operations(with_body=True)):
        fields = {name: json.dumps(value) for name, value in api.fields(operation).items()}
        for number, name in enumerate((*fields, QUOTED), start=nth):
            values = all_values[number % share :: share]
            for value in values:
                body = ", ".join(f'"{key}": {said}' for key, said in {**fields, name: value}.items())
                answer = await api.ask(method, path, f"{{{body}}}".encode())
                assert problem_or_answer(answer), (
                    method,
                    path,
                    name,
                    value[:60],
                    answer.status_code,
                    answer.text[:200],
                )
                asked += 1
        for value in all_values[nth % min(share, 4) :: min(share, 4)]:
            answer = await api.ask(method, path, value.encode())
            assert problem_or_answer(answer), (method, path, value[:60], answer.status_code, answer.text[:200])
    assert asked > 3_000 / share


@pytest.mark.timeout(600)
async def test_no_header_makes_the_server_fail(api: Api) -> None:
    for headers in HEADERS:
        for method, path, operation in api.operations():
            body = json.dumps(api.fields(operation)).encode() if "requestBody" in operation else b""
            answer = await api.ask(method, path, body, headers)
            assert problem_or_answer(answer), (method, path, headers, answer.status_code, answer.text[:200])


@pytest.mark.timeout(600)
async def test_no_parameter_makes_the_server_fail(api: Api) -> None:
    raw = [
        "",
        "%00",
        "%ff",
        "%ed%a0%80",
        "NaN",
        "1e999",
        "9" * 400,
        "-1",
        "[]",
        "null",
        "x" * 5_000,
        "0001-01-01",
        "2%0d%0a3",
    ]
    asked = 0
    for method, path, operation in api.operations():
        names = [one["name"] for one in operation.get("parameters", []) if one["in"] == "query"]
        body = json.dumps(api.fields(operation)).encode() if "requestBody" in operation else b""
        for name in names:
            for value in raw:
                answer = await api.ask(method, f"{path}?{name}={value}&{name}={value}", body)
                assert problem_or_answer(answer), (
                    method,
                    path,
                    name,
                    value[:60],
                    answer.status_code,
                    answer.text[:200],
                )
                asked += 1
    assert asked > 200


async def test_a_place_that_is_none_is_a_mistake_for_the_script_too(
    practice: Practice, noor: httpx.AsyncClient
) -> None:
    """What a route does not expect of a value is still the caller's mistake, and no failure of the server."""
    client = await practice.client("Alex")
    for before in ("nonsense", "0001-01-01", "\x00", "A" * 400):
        answer = await noor.get(f"/fragments/clients/{client.id}/timeline", params={"before": before})
        assert answer.status_code == 400
        assert answer.json()["code"] in ("invalid_field", "bad_request")
