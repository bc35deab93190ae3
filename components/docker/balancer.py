"""HAProxy: the one door for visitors."""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_docker as docker

from components.docker.container_file import text_file
from components.docker.health_check import HealthCheck
from components.docker.service_container import (
    LOOPBACK,
    Service,
    Surroundings,
    published_port,
    service_container,
)
from components.docker.volume import data_volume
from components.generated.certificate_authority import CertificateAuthority
from components.generated.password import GeneratedPassword
from components.generated.server_certificate import ServerCertificate
from contract.cluster_document import PublicEndpoint
from contract.routing import RoutingRules
from settings import models
from settings.release import ColourName
from settings.sizing import BALANCER_SLOTS
from templates.haproxy.context import (
    DockerNodes,
    Listeners,
    NodeAlias,
    balancer_configuration,
    request_limits,
)
from templates.renderer import render

_CONFIGURATION = "/etc/haproxy-cluster/haproxy.cfg"
_CERTIFICATE = "/etc/haproxy-cluster/certificate.pem"
_CONTROL = "/run/balancer"
_LISTEN = Listeners(control_folder=_CONTROL)
_MEMORY_MIB = 128
_HEALTHY_WITHIN_S = 60
_STOP_WITHIN_S = 30
"""Requests under way may end."""


@dataclass(frozen=True, kw_only=True)
class BalancerArgs:
    """`nodes_names` are the names on the network that answer with every node's address, by colour.

    `public_endpoint` is where the nodes believe that visitors come in.
    """

    surroundings: Surroundings
    image: pulumi.Input[str]
    balancer: models.Balancer
    routing: RoutingRules
    public_endpoint: PublicEndpoint
    nodes_names: Mapping[ColourName, str]
    nodes_port: int
    nodes_health_port: int
    nodes_sign_port: int
    request_threads: int
    """How many requests one node serves at once."""
    authority: CertificateAuthority


class Balancer(pulumi.ComponentResource):
    """A healthy HAProxy, reached on 127.0.0.1 alone, with a certificate of the cluster's own.

    It finds nodes by their shared names, so that one more or one less does not touch it. A visitor
    stays on its node by a cookie that is made from the node's address and a generated key.
    """

    container_name: pulumi.Output[str]
    control: docker.ContainerVolumeArgs
    """Mounts the folder with HAProxy's admin socket into a container beside it."""

    def __init__(
        self, name: str, args: BalancerArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("scipio:docker:Balancer", name, None, opts)
        children = pulumi.ResourceOptions(parent=self)
        cookie_key = GeneratedPassword("balancer-cookie-key", opts=children).value
        dns_names, ip_addresses = certificate_names(args.balancer.host)
        certificate = ServerCertificate(
            "balancer-certificate",
            authority=args.authority,
            dns_names=dns_names,
            ip_addresses=ip_addresses,
            opts=children,
        )
        control = data_volume("balancer-control", "balancer", args.surroundings, parent=self)
        self.control = docker.ContainerVolumeArgs(volume_name=control.name, container_path=_CONTROL)
        self.container_name = service_container(
            "balancer",
            _proxy(args, certificate, cookie_key, self.control),
            args.surroundings,
            parent=self,
        ).name
        self.register_outputs({"containerName": self.container_name})


def certificate_names(host: str) -> tuple[list[str], list[str]]:
    """DNS names and addresses by which visitors may come: the stack's own, and this machine's."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return list(dict.fromkeys([host, "localhost"])), [LOOPBACK]
    return ["localhost"], list(dict.fromkeys([host, LOOPBACK]))


def _proxy(
    args: BalancerArgs,
    certificate: ServerCertificate,
    cookie_key: pulumi.Output[str],
    control: docker.ContainerVolumeArgs,
) -> Service:
    balancer = args.balancer
    return Service(
        role="balancer",
        image=args.image,
        host_name="balancer",
        memory_mib=_MEMORY_MIB,
        health=HealthCheck(command=("balancer-health",), start_period_s=_HEALTHY_WITHIN_S),
        healthy_within_s=_HEALTHY_WITHIN_S,
        stop_within_s=_STOP_WITHIN_S,
        files=[
            text_file(_CONFIGURATION, _configuration(args, cookie_key)),
            text_file(
                _CERTIFICATE,
                pulumi.Output.concat(certificate.certificate_pem, certificate.private_key_pem),
            ),
        ],
        volumes=[control],
        published=[
            published_port(internal=_LISTEN.https_port, external=balancer.https_port),
            published_port(internal=_LISTEN.http_port, external=balancer.http_port),
            published_port(internal=_LISTEN.statistics_port, external=balancer.statistics_port),
        ],
    )


def _configuration(args: BalancerArgs, cookie_key: pulumi.Output[str]) -> pulumi.Output[str]:
    """HAProxy's file; the number of nodes is not in it."""
    nodes = DockerNodes(
        groups=tuple(
            NodeAlias(name=colour, alias=alias) for colour, alias in args.nodes_names.items()
        ),
        port=args.nodes_port,
        health_port=args.nodes_health_port,
        sign_port=args.nodes_sign_port,
        slots=BALANCER_SLOTS,
        requests=request_limits(args.request_threads),
    )
    return cookie_key.apply(
        lambda key: render(
            balancer_configuration(
                routing=args.routing,
                public_endpoint=args.public_endpoint,
                nodes=nodes,
                certificate_path=_CERTIFICATE,
                dynamic_cookie_key=key,
                listen=_LISTEN,
            )
        )
    )
