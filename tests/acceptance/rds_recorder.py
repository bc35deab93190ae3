"""A stand-in for RDS's API that notes every change it is asked for, in order."""

import threading
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

NAMESPACE = "http://rds.amazonaws.com/doc/2014-10-31/"
READING = ("Describe", "List")

Parameters = dict[str, str]


@dataclass
class RdsRecorder:
    """One instance, whose disk has `gib`, of `version`; it is always available."""

    gib: int
    version: str
    port: int = 0
    calls: list[tuple[str, Parameters]] = field(default_factory=list)
    """Operation and parameters of each call that changes something."""

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def of(self, operation: str) -> list[Parameters]:
        """The parameters of each call of an operation."""
        return [parameters for name, parameters in self.calls if name == operation]

    def asked_for(self) -> Parameters:
        """All parameters, the last of each name: what the instance is in the end."""
        return {key: value for _, given in self.calls for key, value in given.items()}

    def answer(self, operation: str, parameters: Parameters) -> str:
        if not operation.startswith(READING):
            self.calls.append((operation, parameters))
        if operation == "DescribeDBInstances":
            return f"<DBInstances>{self._instance(parameters)}</DBInstances>"
        return "<TagList/>" if operation == "ListTagsForResource" else self._instance(parameters)

    def _instance(self, parameters: Parameters) -> str:
        name = parameters.get("DBInstanceIdentifier") or parameters.get(
            "TargetDBInstanceIdentifier"
        )
        return (
            f"<DBInstance><DBInstanceIdentifier>{name}</DBInstanceIdentifier>"
            "<DbiResourceId>db-ABC</DbiResourceId>"
            f"<DBInstanceArn>arn:aws:rds:eu-central-1:123456789012:db:{name}</DBInstanceArn>"
            "<DBInstanceClass>db.m7g.large</DBInstanceClass><Engine>postgres</Engine>"
            f"<EngineVersion>{self.version}</EngineVersion>"
            "<DBInstanceStatus>available</DBInstanceStatus>"
            "<MasterUsername>postgres</MasterUsername>"
            f"<AllocatedStorage>{self.gib}</AllocatedStorage><StorageType>gp3</StorageType>"
            "<MultiAZ>true</MultiAZ><BackupRetentionPeriod>1</BackupRetentionPeriod>"
            "<Endpoint><Address>host</Address><Port>5432</Port><HostedZoneId>Z</HostedZoneId>"
            "</Endpoint></DBInstance>"
        )


@contextmanager
def rds_recorder(*, gib: int = 300, version: str = "16.13") -> Iterator[RdsRecorder]:
    """While entered, it answers on a port of the loopback."""
    recorder = RdsRecorder(gib=gib, version=version)

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_arguments: object) -> None:
            """Nothing: the calls are noted."""

        def do_POST(self) -> None:
            length = int(self.headers.get("content-length", 0))
            given = urllib.parse.parse_qs(self.rfile.read(length).decode())
            parameters = {key: values[0] for key, values in given.items() if key != "Version"}
            operation = parameters.pop("Action")
            result = recorder.answer(operation, parameters)
            text = (
                f'<{operation}Response xmlns="{NAMESPACE}"><{operation}Result>{result}'
                f"</{operation}Result><ResponseMetadata><RequestId>r</RequestId>"
                f"</ResponseMetadata></{operation}Response>"
            ).encode()
            self.send_response(200)
            self.send_header("content-type", "text/xml")
            self.send_header("content-length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    recorder.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield recorder
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
