"""One node's database preparation as a process of its own, for tests that run or kill several.

Reads `preparation.json` in its working directory; `java` is the scripted one, found on PATH.
"""

import json
import os
import sys
from pathlib import Path

from contract.cluster_document import ClusterDocument
from node.database.preparation import DatabasePreparation
from node.errors import NodeError
from node.jvm import JavaCommands
from node.loader import JavaLoader
from node.log import Redaction, log_from_environment
from node.secrets import NodeSecrets
from node.standard_output import StandardOutput


def main() -> int:
    home = Path.cwd()
    plain = json.loads((home / "preparation.json").read_text())
    document = ClusterDocument.model_validate(plain["document"])
    secrets = NodeSecrets(**plain["secrets"])
    instance_id = sys.argv[1]
    output, redact = StandardOutput(), Redaction()
    redact.hide(secrets.values())
    log = log_from_environment(output, instance_id, redact)
    java = JavaCommands(runtime=document.node, jar="ofbiz.jar", trust_store=None)
    preparation = DatabasePreparation(
        document=document,
        secrets=secrets,
        instance_id=instance_id,
        loader=JavaLoader(
            java,
            home=home,
            system_properties=home / "seed.system.properties",
            output=output,
            redact=redact,
        ),
        data_file=home / f"loaded-{os.getpid()}.xml",
        release=plain["release"],
        authority=home / "none.pem",
        log=log,
    )
    try:
        preparation.run()
    except NodeError as error:
        log.error(str(error))
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
