"""`make down`: what is there, the person's word, and the way it goes."""

from dataclasses import dataclass

import docker

from automation import docker_engine
from automation.confirmation import confirm
from automation.console import say
from automation.interrupt import left_to_the_engine
from automation.leftovers import Found, labelled, listing, of_others, refuse_others, sweep
from automation.local_stack import Engine, LocalStack
from automation.stack_state import StackState, StateReader
from settings.cluster_document import cluster_of


@dataclass(frozen=True, kw_only=True)
class Teardown:
    """What is under a stack's name in Docker, and whose it is."""

    stack: str
    engine: docker.DockerClient
    pulumi: Engine
    reader: StateReader
    state: StackState
    own: tuple[Found, ...]
    others: tuple[Found, ...]

    @classmethod
    def of(cls, stack: str, engine: docker.DockerClient, pulumi: Engine) -> "Teardown":
        """Look, and touch nothing."""
        reader = StateReader(stack=stack, platform="docker", cli=pulumi.cli)
        state = reader.state()
        found = labelled(engine, cluster_of(stack))
        others = of_others(found, state)
        return cls(
            stack=stack,
            engine=engine,
            pulumi=pulumi,
            reader=reader,
            state=state,
            own=tuple(each for each in found if each not in others),
            others=tuple(others),
        )

    def refuse_others(self) -> None:
        """Raise `AnothersClusterError` when something under this name is not of this state."""
        refuse_others(self.engine, cluster_of(self.stack), self.stack, self.state)

    def own_cluster(self, given: str | None) -> None:
        """Remove what this state made, once it is confirmed; what others made stays.

        Raises `AnothersClusterError` when all that is there is others', and `NotConfirmedError`.
        """
        cluster = cluster_of(self.stack)
        if not self.own and not self.state.known:
            self.refuse_others()
            say(f"There is no cluster {cluster}: nothing was to be removed.")
            return
        if not self.own:
            confirm(
                self.stack,
                f"The state of cluster {cluster} ({self.state.place}) is emptied. This Docker "
                f"engine ({docker_engine.endpoint().host}) has nothing of what it names; what "
                "another engine has of it stays there, with no state.",
                given,
            )
        else:
            confirm(self.stack, f"This goes, of cluster {cluster}:\n{listing(self.own)}", given)
        self._remove_own(cluster)
        if self.others:
            say(f"What this state did not make stays:\n{listing(self.others)}")
        else:
            say(f"Cluster {cluster} is gone: no container, network or volume of it is left.")

    def _remove_own(self, cluster: str) -> None:
        # A stray container would keep its network from going.
        sweep(self.engine, cluster, lambda: self.state, kinds=("container",))
        local = LocalStack.open(self.stack, self.pulumi)
        with left_to_the_engine():
            local.destroy()
        # The mark is gone from the state by now, and what it lost track of is still to go.
        emptied = StackState(
            place=self.state.place, exists=True, mark=self.state.mark, known=frozenset()
        )
        sweep(self.engine, cluster, lambda: emptied, kinds=("container", "network", "volume"))

    def forgotten(self, given: str | None) -> None:
        """Remove what this state did not make, once it is confirmed; its own cluster stays."""
        cluster = cluster_of(self.stack)
        if not self.others:
            say(f"Under the name {cluster} there is nothing that this state did not make.")
            return
        confirm(
            self.stack,
            f"This goes, of cluster {cluster}, for good and with its data. Whose state is named "
            f"here loses it:\n{listing(self.others)}",
            given,
        )
        for each in self.others:
            say(f"Removing {each.kind} {each.name}")
            each.remove()
