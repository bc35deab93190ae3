"""The image of the nodes: built and pushed to a repository of the stack, or one that is there."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pulumi
from pulumi_aws import ecr

from components.aws.ecr_reference import repository_arn
from components.aws.image_tag import content_tag
from components.aws.surroundings import AwsSurroundings
from settings.aws.catalogue import Architecture
from settings.aws.image import Image, ImageBuild

if TYPE_CHECKING:
    import pulumi_docker as docker

PROJECT_ROOT: Final = Path(__file__).resolve().parents[2]

REFERENCE_NODE: Final = ImageBuild(context=".", dockerfile="image/node/Dockerfile", target=None)
"""The reference node copies `contract`, `templates` and `node`: its context is the project."""

_PLATFORMS: Final[dict[Architecture, str]] = {"x86_64": "linux/amd64", "arm64": "linux/arm64"}


@dataclass(frozen=True, kw_only=True)
class NodeImageArgs:
    """`architecture` is that of the servers: an image of another one does not start there."""

    surroundings: AwsSurroundings
    image: Image
    architecture: Architecture


class NodeImage(pulumi.ComponentResource):
    """An image that servers can pull, called by its digest.

    A built one is in a repository of the stack, whose tags never move and whose tagged images never
    expire: an image that was released once can be released again.
    """

    reference: pulumi.Output[str]
    """`<repository>@sha256:<digest>` of a built image; an existing one as the stack calls it."""
    repository_arn: pulumi.Output[str] | None
    """The ECR repository that the image is in; None: it is pulled from somewhere else."""
    repository_url: pulumi.Output[str] | None
    """Where a pipeline may push; None: the stack has no repository of its own."""

    def __init__(
        self, name: str, args: NodeImageArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("scipio:aws:NodeImage", name, None, opts)
        existing = args.image.existing
        if existing is None:
            self._build(name, args)
        else:
            arn = repository_arn(existing, args.surroundings.partition)
            self.reference = pulumi.Output.from_input(existing)
            self.repository_arn = None if arn is None else pulumi.Output.from_input(arn)
            self.repository_url = None
        self.register_outputs({"reference": self.reference})

    def _build(self, name: str, args: NodeImageArgs) -> None:
        repository = self._repository(name, args)
        self.reference = self._built(name, args, repository).repo_digest
        self.repository_arn = repository.arn
        self.repository_url = repository.repository_url

    def _repository(self, name: str, args: NodeImageArgs) -> "ecr.Repository":
        protect = args.surroundings.protect
        repository = ecr.Repository(
            name,
            image_tag_mutability="IMMUTABLE",
            image_scanning_configuration=ecr.RepositoryImageScanningConfigurationArgs(
                scan_on_push=args.image.scan_on_push
            ),
            # AES256 is Amazon's own key: an image holds no secret.
            encryption_configurations=[
                ecr.RepositoryEncryptionConfigurationArgs(encryption_type="AES256")
            ],
            force_delete=not protect,
            opts=pulumi.ResourceOptions(parent=self, protect=protect),
        )
        ecr.LifecyclePolicy(
            name,
            repository=repository.name,
            policy=_keep_tagged(args.image.untagged_days),
            opts=pulumi.ResourceOptions(parent=self),
        )
        return repository

    def _built(
        self, name: str, args: NodeImageArgs, repository: "ecr.Repository"
    ) -> "docker.Image":
        # Loaded where something is built: a stack with an image of its own does not wait for it.
        import pulumi_docker as docker

        build = args.image.build or REFERENCE_NODE
        context, dockerfile = PROJECT_ROOT / build.context, PROJECT_ROOT / build.dockerfile
        login = ecr.get_authorization_token_output(
            registry_id=repository.registry_id, opts=pulumi.InvokeOutputOptions(parent=self)
        )
        tag = content_tag(context, dockerfile, build.target)
        return docker.Image(
            name,
            image_name=pulumi.Output.concat(repository.repository_url, ":", tag),
            build=docker.DockerBuildArgs(
                context=str(context),
                dockerfile=str(dockerfile),
                target=build.target,
                platform=_PLATFORMS[args.architecture],
            ),
            registry=docker.RegistryArgs(
                server=repository.repository_url,
                username=login.user_name,
                password=pulumi.Output.secret(login.password),
            ),
            opts=pulumi.ResourceOptions(parent=self),
        )


def _keep_tagged(untagged_days: int) -> str:
    """No rule counts images with a tag: which of them servers are started from, ECR cannot know.

    The program pushes each image under a tag that never moves, and so does a pipeline; an image
    without one is a part of another, which ECR keeps for as long as that is there, or one whose
    tag a person took away.
    """
    return json.dumps(
        {
            "rules": [
                {
                    "rulePriority": 1,
                    "description": f"Images without a tag go after {untagged_days} days",
                    "selection": {
                        "tagStatus": "untagged",
                        "countType": "sinceImagePushed",
                        "countUnit": "days",
                        "countNumber": untagged_days,
                    },
                    "action": {"type": "expire"},
                }
            ]
        }
    )
