"""Pieces of a run's page: each is made once in a run, and changed from then on, in whichever process the run goes on."""

import json
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from prefect.client.orchestration import SyncPrefectClient

Kind = Literal["markdown", "table", "progress"]


class Piece:
    """One artifact of a run.

    Args:
        run: the flow run's id.
        key: its name on the page; lower-case letters, digits and dashes.
        kind: what its data is.
    """

    def __init__(self, run: str, key: str, kind: Kind = "markdown") -> None:
        self.run = run
        self.key = key
        self.kind = kind
        self._id = ""

    def find(self, client: "SyncPrefectClient") -> Any:
        """Its data on the server; nothing when it is not there yet."""
        wanted = {"artifacts": {"flow_run_id": {"any_": [self.run]}, "key": {"any_": [self.key]}}, "limit": 1, "sort": "CREATED_DESC"}
        found = client.request("POST", "/artifacts/filter", json=wanted).json()
        if not found:
            return None
        self._id = found[0]["id"]
        return found[0]["data"]

    def put(self, client: "SyncPrefectClient", data: Any, description: str = "") -> None:
        """Show this from now on.

        Args:
            client: of the server.
            data: Markdown, rows of a table, or a percent.
            description: a line under its name.
        """
        shown = {"data": json.dumps(data) if self.kind == "table" else data, "description": description or None}
        if not self._id:
            self.find(client)
        if self._id:
            client.request("PATCH", "/artifacts/{id}", json=shown, path_params={"id": self._id})
            return
        made = {**shown, "key": self.key, "type": self.kind, "flow_run_id": self.run}
        self._id = client.request("POST", "/artifacts/", json=made).json()["id"]
