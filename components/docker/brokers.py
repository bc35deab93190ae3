"""Two ActiveMQ brokers on one store: one is live, the other takes over."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_docker as docker

from components.docker.container_file import binary_file, text_file
from components.docker.health_check import HealthCheck
from components.docker.service_container import Service, Surroundings, service_container
from components.docker.volume import data_volume
from components.generated.certificate_authority import CertificateAuthority
from components.generated.key_store import KeyStore
from components.generated.password import GeneratedPassword
from components.generated.server_certificate import ServerCertificate
from contract.cluster_document import BrokerEndpoint, Messaging
from templates.broker.context import BrokerCredentials, BrokerXml
from templates.renderer import render

HOST_NAMES: Final = ("broker-a", "broker-b")
"""Their names on the network: both are in every client's broker URL, and only one answers."""

_CONFIGURATION = "/etc/activemq/activemq.xml"
_CREDENTIALS = "/etc/activemq/credentials.properties"
_KEY_STORE = "/etc/activemq/broker.p12"
_VOLUME = "/var/lib/activemq"
_OPERATOR = "operator"
"""For a person who looks into a broker; no part of the cluster logs in with it."""
_BESIDE_HEAP_MIB = 160
"""Metaspace, code cache, threads and buffers of a broker's JVM."""
_HEALTHY_WITHIN_S = 180
_STOP_WITHIN_S = 30


@dataclass(frozen=True, kw_only=True)
class BrokersArgs:
    """`messaging` is what the nodes' document says of the brokers, `app_password` their log-in's.

    `authority` signs the certificate that both brokers show.
    """

    surroundings: Surroundings
    image: pulumi.Input[str]
    messaging: Messaging
    heap_mib: int
    authority: CertificateAuthority
    app_password: pulumi.Input[str]


class Brokers(pulumi.ComponentResource):
    """A live broker and a waiting one, both healthy; TLS only, and the nodes' topic alone.

    The broker with the lock in the shared volume is live. The volume may be lost: cache clears are
    worth nothing after seconds.
    """

    container_names: Mapping[str, pulumi.Output[str]]
    """By host name."""

    def __init__(
        self, name: str, args: BrokersArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("scipio:docker:Brokers", name, None, opts)
        store = data_volume("broker-store", "broker", args.surroundings, parent=self)
        secret_files = self._secret_files(args)
        self.container_names = {
            broker.host: service_container(
                broker.host,
                _broker(broker, args, store, secret_files),
                args.surroundings,
                parent=self,
            ).name
            for broker in args.messaging.brokers
        }
        self.register_outputs({"containerNames": dict(self.container_names)})

    def _secret_files(self, args: BrokersArgs) -> list[docker.ContainerUploadArgs]:
        """The same for both: a client that changes brokers notices nothing."""
        children = pulumi.ResourceOptions(parent=self)
        key_store_password = GeneratedPassword("broker-key-store-password", opts=children).value
        operator_password = GeneratedPassword("broker-operator-password", opts=children).value
        certificate = ServerCertificate(
            "broker-certificate",
            authority=args.authority,
            dns_names=[broker.host for broker in args.messaging.brokers],
            opts=children,
        )
        key_store = KeyStore(
            "broker-key-store",
            certificate=certificate,
            authority=args.authority,
            password=key_store_password,
            opts=children,
        )
        credentials = pulumi.Output.all(
            key_store_password=key_store_password,
            app_password=pulumi.Output.secret(args.app_password),
            operator_password=operator_password,
        ).apply(lambda passwords: render(BrokerCredentials(**passwords)))
        return [
            text_file(_CREDENTIALS, credentials),
            binary_file(_KEY_STORE, key_store.content_base64),
        ]


def _broker(
    broker: BrokerEndpoint,
    args: BrokersArgs,
    store: docker.Volume,
    secret_files: list[docker.ContainerUploadArgs],
) -> Service:
    return Service(
        role="broker",
        image=args.image,
        host_name=broker.host,
        memory_mib=args.heap_mib + _BESIDE_HEAP_MIB,
        health=HealthCheck(command=("broker-health",), start_period_s=_HEALTHY_WITHIN_S),
        healthy_within_s=_HEALTHY_WITHIN_S,
        stop_within_s=_STOP_WITHIN_S,
        environment=(f"BROKER_HEAP_MIB={args.heap_mib}", f"BROKER_PORT={broker.port}"),
        files=[text_file(_CONFIGURATION, _configuration(broker, args.messaging)), *secret_files],
        volumes=[docker.ContainerVolumeArgs(volume_name=store.name, container_path=_VOLUME)],
    )


def _configuration(broker: BrokerEndpoint, messaging: Messaging) -> str:
    """ActiveMQ's file, with no secret in it: the two brokers' differ by the name alone."""
    return render(
        BrokerXml(
            broker_name=broker.host,
            credentials_path=_CREDENTIALS,
            key_store_path=_KEY_STORE,
            port=broker.port,
            topic=messaging.topic,
            app_user=messaging.user,
            operator_user=_OPERATOR,
        )
    )
