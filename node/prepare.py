"""One pass that makes a node ready to start its JVM; its last step is the launch file."""

import os
import signal
import socket
import sys
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import NoReturn

from contract.cluster_document import ClusterDocument
from contract.names import NodeRole
from contract.node_times import POOL_STUCK_S, WARM_UP_S
from node.broker_reachability import report_brokers
from node.database.authority import require_authority
from node.database.preparation import DatabasePreparation
from node.document import read_document
from node.errors import NodeError, StopOrderedError
from node.identity import VARIABLE as INSTANCE_ID_VARIABLE
from node.identity import instance_id
from node.jvm import JavaCommands
from node.launch import Launch, write_launch
from node.life.keep_settings import KeepSettings, write_keep_settings
from node.life.registration import new_incarnation, register
from node.loader import JavaLoader
from node.log import Log, Redaction, log_from_environment
from node.overlay_files import write_overlay
from node.paths import NodePaths
from node.private_file import make_private_folder
from node.release import release_of_image
from node.role import node_role
from node.secrets import NodeSecrets, SecretStores, fetch_secrets
from node.shared_files import lead_to_shared_files
from node.standard_output import StandardOutput
from node.trust_store import make_trust_store, own_authorities
from node.warm_up import PAGE
from templates.haproxy.context import AGENT_INTERVAL_S
from templates.overlay.node import OverlayNode

COMPANION = (sys.executable, "-P", "-m", "node", "keep")


def prepare_and_report() -> int:
    """Prepares the node, a failure said in one message; returns the exit code."""
    signal.signal(signal.SIGTERM, _stop_ordered)
    output = StandardOutput()
    redact = Redaction()
    log = log_from_environment(output, os.environ.get(INSTANCE_ID_VARIABLE, "?"), redact)
    try:
        NodePreparation(
            instance_id=instance_id(os.environ),
            role=node_role(os.environ),
            paths=NodePaths.from_environment(os.environ),
            log=log,
            output=output,
            redact=redact,
        ).run()
    except (NodeError, StopOrderedError) as error:
        log.error(str(error))
        return error.exit_code
    return 0


@dataclass(frozen=True, kw_only=True)
class NodePreparation:
    """What one pass works with from its first line to its last."""

    instance_id: str
    role: NodeRole
    paths: NodePaths
    log: Log
    output: StandardOutput
    redact: Redaction

    def run(self) -> None:
        """Overlay, trust store, database and launch file are there. Raises NodeError."""
        paths = self.paths
        make_private_folder(paths.run)
        paths.launch.unlink(missing_ok=True)
        document = read_document(paths.document)
        require_authority(document.database)
        if self.role == "app":
            lead_to_shared_files(paths.shared_files, Path(document.shared_files.path))
        stores = SecretStores(paths.secrets, paths.preparation_secrets)
        secrets = fetch_secrets(document, stores)
        self.redact.hide(secrets.values())
        incarnation = new_incarnation()
        node = OverlayNode(instance_id=self.instance_id, role=self.role, incarnation=incarnation)
        overlay = write_overlay(paths, document, node, secrets)
        self.log.info(f"Wrote the overlay: {', '.join(file.path for file in overlay.files)}.")
        subscribes = document.cache_clear.mode == "resilient" and overlay.own_listener is None
        java = JavaCommands(
            runtime=document.node,
            jar=paths.jar,
            trust_store=make_trust_store(paths.trust_store, own_authorities(document)),
        )
        database = self._database(document, secrets, java)
        database.run()
        report_brokers(document.messaging.brokers, self.log)
        self._register(database, incarnation)
        stores.remove_preparation()
        write_launch(paths.launch, self._launch(document, java, awaits_subscription=subscribes))

    def _database(
        self, document: ClusterDocument, secrets: NodeSecrets, java: JavaCommands
    ) -> DatabasePreparation:
        return DatabasePreparation(
            document=document,
            secrets=secrets,
            instance_id=self.instance_id,
            loader=JavaLoader(
                java,
                home=self.paths.home,
                system_properties=self.paths.seed_properties,
                output=self.output,
                redact=self.redact,
            ),
            data_file=self.paths.loaded_data,
            release=release_of_image(self.paths.release),
            authority=self.paths.database_authority,
            log=self.log,
        )

    def _register(self, database: DatabasePreparation, incarnation: str) -> None:
        """From here on the other nodes watch over this one: its companion must beat soon."""
        with closing(database.connect()) as connection:
            register(
                connection,
                self.instance_id,
                socket.gethostname(),
                role=self.role,
                incarnation=incarnation,
            )
        settings = KeepSettings(
            instance_id=self.instance_id,
            incarnation=incarnation,
            log_in=database.log_in,
            pool_max=database.document.database.pool_max,
        )
        write_keep_settings(self.paths.keep, settings)

    def _launch(
        self, document: ClusterDocument, java: JavaCommands, *, awaits_subscription: bool
    ) -> Launch:
        """A listener other than the cluster component's does not say when it is subscribed."""
        return Launch(
            companion=COMPANION,
            command=java.node(
                self.paths.system_properties,
                self.paths.cache_clear_figures,
                self.paths.membership if self.role == "app" else None,
            ),
            folder=str(self.paths.home),
            http_port=document.node.http_port,
            health_port=document.node.health_port,
            health_path=document.node.health_path,
            warm_up_page=PAGE if self.role == "app" else None,
            warm_up_s=WARM_UP_S,
            sign_port=document.node.sign_port,
            awaits_subscription=awaits_subscription,
            boot_timeout_s=document.node.boot_timeout_s,
            stop_timeout_s=document.node.stop_timeout_s,
            drain_timeout_s=document.node.drain_timeout_s,
            silence_timeout_s=document.node.silence_timeout_s,
            pool_stuck_s=POOL_STUCK_S,
            subscription_wait_s=document.node.subscription_wait_s,
            parting_s=2 * AGENT_INTERVAL_S,
        )


def _stop_ordered(_number: int, _frame: FrameType | None) -> NoReturn:
    """Ends the pass wherever it is: every step of it may be cut off and begun again."""
    raise StopOrderedError("Ordered to stop while preparing.")
