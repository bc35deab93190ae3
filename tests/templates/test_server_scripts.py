"""The scripts of a server, run in a world whose programs write down what they are asked to do."""

import json
import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import botocore.session  # type: ignore[import-untyped] # it ships no types
import pytest

from contract.tcp_limits import SYSCTLS
from node.act import LAST_WORDS_S
from node.companion import HAND_BACK_S
from node.health_file import HealthFile
from templates.renderer import TEMPLATES
from templates.syntax import systemd
from templates.userdata.node import node_user_data
from tests.node.aws_stand_in import aws_stand_in
from tests.templates.test_userdata import INSTANCE_ID, SERVER, files_of

SPOT_NOTICE_S = 120
"""Between the notice and the end of the server (AWSEC2/latest/UserGuide/spot-instance-
termination-notices)."""

NEXT_LINE = """
next_line() {  # the first line of a file, which goes unless it is the last
  head -n 1 "$WORLD/$1" 2>/dev/null
  [ "$(wc -l < "$WORLD/$1")" -le 1 ] || sed -i 1d "$WORLD/$1"
}
say() { echo "$*" >> "$WORLD/calls"; }
"""

PROGRAMS = {
    "curl": """
    case "$*" in
      *latest/api/token*) echo token ;;
      *"-aws-ec2-metadata-token: token "*target-lifecycle-state*) next_line states ;;
      *"-aws-ec2-metadata-token: token "*iam/info*) next_line profile ;;
      *"-aws-ec2-metadata-token: token "*spot/instance-action*) [ "$(next_line notices)" = yes ] ;;
      *) say "curl $*"; exit 7 ;;
    esac
    """,
    "aws": """
    say "aws $*"
    case "$*" in
      *record-lifecycle-action-heartbeat*terminate) [ "$(next_line terminate_waits)" = yes ] ;;
      *record-lifecycle-action-heartbeat*) [ "$(next_line launch_waits)" = yes ] ;;
      *get-secret-value*)
        [ "$(next_line secrets)" = ok ] || exit 254
        case "$*" in
          *rds!*) echo '{"username": "postgres", "password": "p/w\\"1"}' ;;
          *) echo 's3 $cret' ;;
        esac
        ;;
      *describe-iam*) echo iip-assoc-0a1b2c3d ;;
      *put-log-events*) cp "$STATE_DIRECTORY/journal.json" "$WORLD/sent" ;;
      *) [ "$(next_line aws)" = ok ] ;;
    esac
    """,
    "journalctl": 'cat "$WORLD/journal"',
    "systemctl": """
    case "$1" in
      is-active) next_line active ;;
      show) next_line restarts ;;
      *) say "systemctl $*" ;;
    esac
    """,
    # Time passes in sleep alone, and the world ends when its time is over.
    "sleep": """
    now=$(($(cat "$WORLD/uptime") + $1)); echo "$now" > "$WORLD/uptime"
    [ "$now" -lt "$END_OF_THE_WORLD_S" ] || kill "$PPID"
    """,
    "cut": 'cat "$WORLD/uptime"',
    "docker": """
    say "docker $*"
    case "$*" in
      exec*)
        cat "$WORLD/health"
        [ "$(next_line ready)" = yes ]
        ;;
      *"--format"*) printf 'PATH=/bin\\nOFBIZ_HOME=%s\\nLANG=C\\n' "$(next_line home)" ;;
      "image inspect"*) [ "$(next_line pulled)" = yes ] ;;
    esac
    """,
    "mountpoint": """
    case "$*" in
      *"$SCIPIO_CONFIGURATION"*) [ -e "$2.mounted" ] ;;
      *) [ "$(next_line mounted)" = yes ] ;;
    esac
    """,
    "umount": 'say "umount $*"; rm -rf "$1" "$1.mounted"',
    "chown": 'say "chown $*"',
    "mount": """
    say "mount $*"
    for last; do :; done
    case "$2" in tmpfs) touch "$last.mounted" ;; *) [ "$(next_line mount)" = ok ] ;; esac
    """,
    "install": 'say "install $*"',
}


class World:
    """A folder of programs before all others on the path; each file is what one of them answers."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        programs = folder / "programs"
        programs.mkdir()
        for name, body in PROGRAMS.items():
            program = programs / name
            program.write_text(f"#!/bin/sh\n{NEXT_LINE}\n{body}\n")
            program.chmod(0o755)
        self.answers(
            uptime=["30"],
            aws=["ok"],
            launch_waits=["yes"],
            terminate_waits=["yes"],
            journal=[],
            health=[],
            restarts=["0"],
            pulled=["yes"],
            mounted=["yes"],
            mount=["ok"],
            secrets=["ok"],
            profile=[""],
            home=["/opt/scipio"],
            ready=["no"],
            notices=["no"],
            states=[""],
            active=["inactive"],
        )

    def answers(self, **lines: Sequence[str]) -> None:
        """What a program answers, one line a time; the last one for ever."""
        for name, answers in lines.items():
            (self.folder / name).write_text("".join(f"{line}\n" for line in answers))

    def run(
        self,
        script: str,
        variables: Mapping[str, str] | None = None,
        *,
        world_ends_s: int = 5000,
    ) -> int:
        """The exit code of the script with a server's environment; -15 when the world ended."""
        files = files_of(node_user_data(SERVER))
        environment = {
            **systemd.parse_environment(files["/etc/scipio/server.env"]),
            "SCIPIO_INSTANCE_ID": INSTANCE_ID,
            "WORLD": str(self.folder),
            "END_OF_THE_WORLD_S": str(world_ends_s),
            "STATE_DIRECTORY": str(self.folder),
            "SCIPIO_CONFIGURATION": str(self.folder / "configuration"),
            "HOME": str(self.folder),
            "PATH": f"{self.folder}/programs:{os.environ['PATH']}",
            **(variables or {}),
        }
        answer = subprocess.run(
            ["/bin/sh", str(TEMPLATES / "userdata" / script)],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        self.printed = answer.stdout + answer.stderr
        return answer.returncode

    @property
    def calls(self) -> list[str]:
        """What the world was asked to do, in order."""
        calls = self.folder / "calls"
        return calls.read_text().splitlines() if calls.exists() else []

    @property
    def calls_beside_secrets(self) -> list[str]:
        """Without what puts secrets into memory."""
        about = ("secretsmanager", "-t tmpfs", "umount", "chown")
        return [call for call in self.calls if not any(each in call for each in about)]

    @property
    def lifecycle(self) -> list[str]:
        """The calls to Auto Scaling, each as its operation, hook and result."""
        return [
            f"{shlex.split(call)[2]} {self._hook_and_result(call)}"
            for call in self.calls
            if "--lifecycle-hook-name" in call
        ]

    def _hook_and_result(self, call: str) -> str:
        words = shlex.split(call)
        options = dict(zip(words[3::2], words[4::2], strict=True))
        assert options.pop("--auto-scaling-group-name") == SERVER.group
        assert options.pop("--instance-id") == INSTANCE_ID
        hook = options.pop("--lifecycle-hook-name")
        return " ".join([hook, *options.values()])


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A server that has just booted; every program does what it is asked."""
    return World(tmp_path)


# --- watch-lifecycle


def test_a_node_that_is_ready_completes_the_launch(world: World) -> None:
    """Only then the balancer hears of it, and only once."""
    world.answers(states=["", "InService"], ready=["no", "no", "yes"])

    world.run("watch-lifecycle.sh", world_ends_s=200)

    assert world.lifecycle == [
        "record-lifecycle-action-heartbeat launch",
        "complete-lifecycle-action launch CONTINUE",
    ]
    assert "docker exec scipio-node python3 -m node health" in world.calls


def test_a_slow_launch_asks_for_more_time_once_a_minute(world: World) -> None:
    """The hook's own time is short, so that a server that never booted does not hold it up."""
    world.answers(states=["InService"])

    world.run("watch-lifecycle.sh", world_ends_s=330)

    assert world.lifecycle == ["record-lifecycle-action-heartbeat launch"] * 5


def test_nothing_is_completed_before_the_group_waits(world: World) -> None:
    """The metadata say `InService` while the server is still pending."""
    world.answers(states=["InService"], ready=["yes"], launch_waits=["no", "no", "yes"])

    world.run("watch-lifecycle.sh", world_ends_s=120)

    assert world.lifecycle == [
        *["record-lifecycle-action-heartbeat launch"] * 3,
        "complete-lifecycle-action launch CONTINUE",
    ]


def test_a_node_that_never_answers_is_given_up(world: World) -> None:
    """The group ends its server and starts another one."""
    world.answers(states=["InService"], uptime=[str(SERVER.ready_within_s)])

    world.run("watch-lifecycle.sh", world_ends_s=SERVER.ready_within_s + 60)

    assert world.lifecycle == [
        "record-lifecycle-action-heartbeat launch",
        "complete-lifecycle-action launch ABANDON",
    ]


def test_a_server_that_is_given_up_leaves_its_journal(world: World) -> None:
    """Its disk goes with it. Sent before the group is told, in the words of CloudWatch Logs."""
    world.answers(
        states=["InService"],
        uptime=[str(SERVER.ready_within_s)],
        journal=[
            '1700000000.123456 ip-10-42-0-7 scipio-prepare-node[7]: mount: "fs" \\ denied\tä',
            "                                second line",
            "1699999999.000000 ip-10-42-0-7 systemd[1]: the clock was set back",
            f"1700000001.000000 ip-10-42-0-7 long: {'x' * 1000}",
        ],
    )

    world.run("watch-lifecycle.sh", world_ends_s=SERVER.ready_within_s + 60)

    operations = [call.split(" --")[0] for call in world.calls if call.startswith("aws ")]
    assert operations == [
        "aws autoscaling record-lifecycle-action-heartbeat",
        "aws logs create-log-stream",
        "aws logs put-log-events",
        "aws autoscaling complete-lifecycle-action",
    ]
    sent = json.loads((world.folder / "sent").read_text())
    assert [event["timestamp"] for event in sent] == [
        1700000000123,
        1700000000123,
        1700000000123,
        1700000001000,
    ]
    assert sent[0]["message"].endswith('mount: "fs" \\ denied')
    assert sent[1]["message"].endswith("second line")
    assert max(len(event["message"]) for event in sent) <= 400
    put = shlex.split(next(call for call in world.calls if "put-log-events" in call))
    assert values(put, "--log-group-name") == [SERVER.log_group]
    assert values(put, "--log-stream-name") == [f"{INSTANCE_ID}/journal"]


def test_a_journal_that_cannot_be_sent_holds_up_nothing(world: World) -> None:
    """Its group still starts another server."""
    world.answers(states=["InService"], uptime=[str(SERVER.ready_within_s)])
    (world.folder / "programs" / "journalctl").write_text("#!/bin/sh\nexit 1\n")
    broken = (
        (world.folder / "programs" / "aws")
        .read_text()
        .replace('cp "$STATE_DIRECTORY/journal.json" "$WORLD/sent"', "exit 254")
    )
    (world.folder / "programs" / "aws").write_text(broken)

    world.run("watch-lifecycle.sh", world_ends_s=SERVER.ready_within_s + 60)

    assert world.lifecycle[-1] == "complete-lifecycle-action launch ABANDON"


def test_a_completion_that_failed_is_tried_again(world: World) -> None:
    """The network may fail once."""
    world.answers(states=["InService"], ready=["yes"], aws=["no", "no", "ok"])

    world.run("watch-lifecycle.sh", world_ends_s=200)

    assert world.lifecycle == [
        "record-lifecycle-action-heartbeat launch",
        *["complete-lifecycle-action launch CONTINUE"] * 3,
    ]


def test_a_completion_whose_answer_got_lost_ends_with_the_next_heartbeat(world: World) -> None:
    """The group does not wait any more, so nothing is left to complete."""
    world.answers(states=["InService"], ready=["yes"], aws=["no"], launch_waits=["yes", "no"])

    world.run("watch-lifecycle.sh", world_ends_s=180)

    completions = [call for call in world.lifecycle if call.startswith("complete")]
    assert len(completions) == 12  # one minute of five seconds each


def test_a_server_that_was_restarted_completes_nothing_again(world: World) -> None:
    """The action is long over."""
    world.answers(states=["InService"], ready=["yes"])
    world.run("watch-lifecycle.sh", world_ends_s=60)
    world.answers(uptime=["30"], launch_waits=["no"])

    world.run("watch-lifecycle.sh", world_ends_s=60)

    assert world.lifecycle == [
        "record-lifecycle-action-heartbeat launch",
        "complete-lifecycle-action launch CONTINUE",
        "record-lifecycle-action-heartbeat launch",
    ]


def test_a_server_in_service_asks_seldom(world: World) -> None:
    """But often enough to find an action that it did not see coming: the hook waits 600 s."""
    world.answers(states=["InService"], ready=["yes"], launch_waits=["yes", "no"])

    world.run("watch-lifecycle.sh", world_ends_s=1030)

    assert world.lifecycle.count("record-lifecycle-action-heartbeat launch") == 1 + 4


def test_a_server_that_comes_back_from_standby_is_in_service_again(world: World) -> None:
    """The group lets it through the same hook, and would give it up without its word."""
    world.answers(
        states=[*["InService"] * 3, *["Standby"] * 20, "InService"],
        ready=["yes"],
        launch_waits=["yes", "no", "no", "yes"],
    )

    world.run("watch-lifecycle.sh", world_ends_s=300)

    assert world.lifecycle == [
        "record-lifecycle-action-heartbeat launch",
        "complete-lifecycle-action launch CONTINUE",
        "record-lifecycle-action-heartbeat launch",
        "record-lifecycle-action-heartbeat launch",
        "record-lifecycle-action-heartbeat launch",
        "complete-lifecycle-action launch CONTINUE",
    ]


def test_a_server_back_from_standby_has_its_whole_time_to_get_ready(world: World) -> None:
    """Not what is left of the time since its boot."""
    world.answers(
        states=[*["InService"] * 3, *["Standby"] * 20, "InService"],
        ready=["yes", *["no"] * 20, "yes"],
        launch_waits=["yes", "yes", "yes", "no"],
    )

    world.run("watch-lifecycle.sh", {"SCIPIO_READY_WITHIN_S": "110"}, world_ends_s=350)

    assert "complete-lifecycle-action launch ABANDON" not in world.lifecycle
    assert world.lifecycle.count("complete-lifecycle-action launch CONTINUE") == 2


def test_a_node_that_serves_without_its_database_keeps_its_server(world: World) -> None:
    """It is not ready, and no other server would be: a failover takes two minutes or more."""
    answers_in_service(world, health(world, "serving"))

    world.run("watch-lifecycle.sh", {"SCIPIO_BACK_WITHIN_S": "200"}, world_ends_s=800)

    assert not any("set-instance-health" in call for call in world.calls)


@pytest.mark.parametrize("phase", ["preparing", "starting", "stopping", None])
def test_a_node_that_stays_away_takes_its_server_with_it(world: World, phase: str | None) -> None:
    """After its own limits, and with the journal sent first; once, and not once a look."""
    answers_in_service(world, health(world, phase))

    world.run("watch-lifecycle.sh", {"SCIPIO_BACK_WITHIN_S": "200"}, world_ends_s=400)

    told = [call for call in world.calls if "set-instance-health" in call or "put-log" in call]
    assert [call.split(" --")[0] for call in told] == [
        "aws logs put-log-events",
        "aws autoscaling set-instance-health",
    ]
    assert "--health-status Unhealthy --no-should-respect-grace-period" in told[1]


def test_a_node_that_comes_back_in_time_keeps_its_server(world: World) -> None:
    """As long as it takes the server to start the node again."""
    answers_in_service(world, health(world, "stopping"))
    world.run("watch-lifecycle.sh", {"SCIPIO_BACK_WITHIN_S": "200"}, world_ends_s=200)
    answers_in_service(world, health(world, "serving"))

    world.run("watch-lifecycle.sh", {"SCIPIO_BACK_WITHIN_S": "200"}, world_ends_s=800)

    assert not any("set-instance-health" in call for call in world.calls)


def test_an_old_report_is_no_sign_of_life(world: World) -> None:
    """The agent writes one after every cycle, so it hangs itself."""
    answers_in_service(world, health(world, "serving", age_s=90))

    world.run("watch-lifecycle.sh", {"SCIPIO_BACK_WITHIN_S": "200"}, world_ends_s=400)

    assert any("set-instance-health" in call for call in world.calls)


def test_a_server_whose_node_serves_gives_up_the_administrators_secrets(world: World) -> None:
    """By another profile; done when the metadata service has it, and never asked for again."""
    answers_in_service(world, health(world, "serving"))
    world.answers(profile=["", "", f'{{"InstanceProfileArn" : "{SERVER.serving_profile}"}}'])

    world.run("watch-lifecycle.sh", world_ends_s=300)

    changes = [call for call in world.calls if call.startswith("aws ec2 ")]
    assert (
        changes
        == [
            "aws ec2 describe-iam-instance-profile-associations --filters "
            f"Name=instance-id,Values={INSTANCE_ID} "
            "--query IamInstanceProfileAssociations[0].AssociationId --output text",
            "aws ec2 replace-iam-instance-profile-association --association-id iip-assoc-0a1b2c3d "
            f"--iam-instance-profile Arn={SERVER.serving_profile}",
        ]
        * 2
    )
    assert (world.folder / "prepared").exists()


@pytest.mark.parametrize("phase", ["preparing", "starting", None])
def test_a_server_keeps_its_rights_until_its_node_serves(world: World, phase: str | None) -> None:
    """The preparation may take several starts."""
    answers_in_service(world, health(world, phase))

    world.run("watch-lifecycle.sh", world_ends_s=200)

    assert not any(call.startswith("aws ec2 ") for call in world.calls)
    assert not (world.folder / "prepared").exists()


def health(world: World, phase: str | None, age_s: float = 0) -> str:
    """What the agent writes in such a phase; None: there is no node."""
    if phase is None:
        return ""
    HealthFile(world.folder, INSTANCE_ID).write(phase=phase, ready=False, sentence='It says "so".')
    report = json.loads((world.folder / "health.json").read_text())
    # In a world whose hours pass in a second, a report must stay young.
    report["observedAt"] += 3600 if age_s == 0 else -age_s
    return json.dumps(report)


def answers_in_service(world: World, report: str) -> None:
    (world.folder / "launched").touch()
    world.answers(states=["InService"], launch_waits=["no"], health=[report])


def test_a_server_at_its_end_stops_its_node_and_then_lets_go(world: World) -> None:
    """`active` for a moment still, because systemd has only just been told."""
    world.answers(
        states=["InService", "Terminated"],
        ready=["yes"],
        active=["active", "deactivating", "failed"],
    )

    code = world.run("watch-lifecycle.sh")

    assert code == 0
    assert world.lifecycle == [
        "record-lifecycle-action-heartbeat launch",
        "complete-lifecycle-action launch CONTINUE",
        "record-lifecycle-action-heartbeat terminate",
        "complete-lifecycle-action terminate CONTINUE",
    ]
    assert "systemctl stop --no-block scipio-node.service" in world.calls


def test_a_node_answers_until_the_load_balancer_has_let_go(world: World) -> None:
    """The metadata say `Terminated` before: pages and reports are still being answered."""
    world.answers(states=["Terminated"], terminate_waits=["no", "no", "no", "yes"])

    assert world.run("watch-lifecycle.sh") == 0

    stop = world.calls.index("systemctl stop --no-block scipio-node.service")
    before = [call for call in world.calls[:stop] if "record-lifecycle-action-heartbeat" in call]
    assert len(before) == 4


def test_a_node_drains_although_the_group_says_nothing(world: World) -> None:
    """Without a way to Auto Scaling the server ends all the same, and its jobs should not."""
    world.answers(states=["Terminated"], terminate_waits=["no"])

    assert world.run("watch-lifecycle.sh") == 0

    assert int((world.folder / "uptime").read_text()) == 30 + SERVER.let_go_within_s
    assert "systemctl stop --no-block scipio-node.service" in world.calls


def test_a_node_that_does_not_stop_holds_its_server_no_longer_than_said(world: World) -> None:
    """Heartbeats alone could hold it for two days."""
    world.answers(states=["Terminated"], active=["deactivating"])

    code = world.run("watch-lifecycle.sh", {"SCIPIO_DRAIN_WITHIN_S": "180"})

    assert code == 0
    assert int((world.folder / "uptime").read_text()) == 30 + 180
    assert world.lifecycle.count("record-lifecycle-action-heartbeat terminate") == 3
    assert world.lifecycle[-1] == "complete-lifecycle-action terminate CONTINUE"


def test_an_end_that_could_not_be_told_is_told_again(world: World) -> None:
    """Otherwise the server would stay until the hook's time is over."""
    world.answers(states=["Terminated"], aws=["no", "ok"])

    code = world.run("watch-lifecycle.sh")

    assert code == 0
    assert world.lifecycle.count("complete-lifecycle-action terminate CONTINUE") == 2


def test_nothing_is_done_without_a_transition(world: World) -> None:
    """The metadata has no such page before the first one."""
    world.answers(states=["", "", "Standby", "Detached"])

    world.run("watch-lifecycle.sh", world_ends_s=120)

    assert world.calls == []


def test_a_spot_notice_drains_the_node_and_calls_for_another_server(world: World) -> None:
    """Two minutes are left; the group would only hear of it when the server is gone."""
    world.answers(notices=["no", "yes"], active=["active", "deactivating", "inactive"])

    world.run("watch-lifecycle.sh", world_ends_s=200)

    assert world.calls == [
        "systemctl stop --no-block scipio-node.service",
        f"aws autoscaling set-instance-health --instance-id {INSTANCE_ID} "
        "--health-status Unhealthy --no-should-respect-grace-period",
    ]


def test_jobs_that_outlast_a_spot_notice_are_ended_in_time_to_be_handed_back(world: World) -> None:
    """The second signal comes early enough for the agent's own limits, and once only."""
    world.answers(notices=["yes"], active=["deactivating"])

    world.run("watch-lifecycle.sh", world_ends_s=400)

    assert world.calls.count("docker kill --signal TERM scipio-node") == 1
    script = (TEMPLATES / "userdata" / "watch-lifecycle.sh").read_text()
    [jobs_s] = re.findall(r"^INTERRUPTED_JOBS_S=(\d+)$", script, re.MULTILINE)
    [poll_s] = re.findall(r"^POLL_S=(\d+)$", script, re.MULTILINE)
    assert int(jobs_s) + 2 * int(poll_s) + HAND_BACK_S + LAST_WORDS_S < SPOT_NOTICE_S


def test_a_server_that_is_taken_back_still_lets_its_group_go_on(world: World) -> None:
    """The group answers the server's own word with a termination, whose action it completes."""
    world.answers(
        notices=["yes"], states=["InService", "Terminated"], active=["inactive"], ready=["yes"]
    )

    assert world.run("watch-lifecycle.sh") == 0
    assert world.lifecycle[-1] == "complete-lifecycle-action terminate CONTINUE"


def test_every_call_to_auto_scaling_is_one_that_aws_takes(world: World) -> None:
    """Operation, required and known arguments, by botocore's model of the service."""
    model = botocore.session.get_session().get_service_model("autoscaling")
    world.answers(notices=["yes"], states=["InService", "Terminated"], active=["deactivating"])
    world.run("watch-lifecycle.sh", {"SCIPIO_DRAIN_WITHIN_S": "60"})

    calls = {
        shlex.split(call)[2]: shlex.split(call)[3:]
        for call in world.calls
        if call.startswith("aws autoscaling ")
    }

    assert len(calls) == 3
    for operation, words in calls.items():
        shape = model.operation_model(_camel(operation)).input_shape
        options = [word.removeprefix("--") for word in words if word.startswith("--")]
        given = {_camel(option.removeprefix("no-")) for option in options}
        assert given <= set(shape.members), operation
        assert set(shape.required_members) <= given, operation


@pytest.mark.parametrize(
    ("page", "call"),
    [
        ("autoscaling/target-lifecycle-state", "aws autoscaling complete-lifecycle-action"),
        ("spot/instance-action", "aws autoscaling set-instance-health"),
    ],
)
def test_the_watcher_reads_the_metadata_service_with_a_token(
    world: World, page: str, call: str
) -> None:
    """With the real curl, of a service that says nothing to one without a token (IMDSv2)."""
    curl = shutil.which("curl")
    with aws_stand_in() as service:
        service.metadata[page] = "Terminated"
        (world.folder / "programs" / "curl").write_text(
            f'#!/bin/sh\nexec {curl} --noproxy "*" --connect-to "::127.0.0.1:{service.port}" "$@"\n'
        )
        world.run("watch-lifecycle.sh", world_ends_s=60)
    assert any(made.startswith(call) for made in world.calls)


def _camel(words: str) -> str:
    return "".join(word.capitalize() for word in words.split("-"))


# --- prepare-node


def test_a_prepared_server_is_left_as_it_is(world: World) -> None:
    """A restart of the node pulls and mounts nothing again."""
    assert world.run("prepare-node.sh") == 0

    assert world.calls_beside_secrets == [
        f"docker image inspect {SERVER.image}",
        "docker rm --force --volumes scipio-node",
    ]


def test_the_first_start_mounts_with_tls_and_pulls_by_digest(world: World, tmp_path: Path) -> None:
    """Through the access point, as the server's role."""
    world.answers(pulled=["no"], mounted=["no"])
    shared = str(tmp_path / "shared")

    assert world.run("prepare-node.sh", {"SCIPIO_SHARED_PATH": shared}) == 0

    assert world.calls_beside_secrets == [
        "mount -t efs -o noresvport,tls,iam,accesspoint=fsap-0a1b2c3d4e5f60718 "
        f"fs-0a1b2c3d4e5f60718:/ {shared}",
        f"docker image inspect {SERVER.image}",
        f"docker pull --quiet {SERVER.image}",
        "docker rm --force --volumes scipio-node",
    ]
    registry = "123456789012.dkr.ecr.ap-southeast-2.amazonaws.com"
    configuration = tmp_path / ".docker" / "config.json"
    assert configuration.read_text() == f'{{"credHelpers": {{"{registry}": "ecr-login"}}}}\n'


def test_without_the_shared_files_nothing_starts(world: World, tmp_path: Path) -> None:
    """Uploads would land on this server's own disk."""
    world.answers(mounted=["no"], mount=["no"])

    assert world.run("prepare-node.sh", {"SCIPIO_SHARED_PATH": str(tmp_path / "shared")}) != 0
    assert not any(call.startswith("docker") for call in world.calls)


def test_an_image_from_elsewhere_gets_no_credential_helper(world: World, tmp_path: Path) -> None:
    """Docker then asks without a log-in."""
    assert world.run("prepare-node.sh", {"SCIPIO_REGISTRY": ""}) == 0
    assert not (tmp_path / ".docker").exists()


ONCE = ("database-admin-password", "administrator-password")
ALWAYS = ("database-app-password", "broker-app-password")


def secrets_of(world: World, folder: str) -> dict[str, str]:
    return {
        path.name: path.read_text() for path in (world.folder / "configuration" / folder).iterdir()
    }


def test_secrets_come_as_files_in_memory_that_the_node_alone_reads(world: World) -> None:
    """One value of RDS's JSON, the others whole; the disk of the server sees none."""
    assert world.run("prepare-node.sh") == 0

    assert secrets_of(world, "secrets") == dict.fromkeys(ALWAYS, "s3 $cret\n")
    assert secrets_of(world, "preparation") == {ONCE[0]: 'p/w"1\n', ONCE[1]: "s3 $cret\n"}
    configuration = world.folder / "configuration"
    for folder, names in (("secrets", ALWAYS), ("preparation", ONCE)):
        options = "size=1m,mode=0700,noexec,nosuid,nodev,uid=10001,gid=10001"
        mounted = world.calls.index(f"mount -t tmpfs -o {options} tmpfs {configuration / folder}")
        for name in names:
            path = configuration / folder / name
            assert path.stat().st_mode & 0o777 == 0o600
            assert mounted < world.calls.index(f"chown 10001:10001 {path}")
    asked = [call for call in world.calls if "get-secret-value" in call]
    assert [shlex.split(call)[4] for call in asked] == [
        each.arn for each in (*SERVER.secrets, *SERVER.preparation_secrets)
    ]


def test_each_start_begins_with_empty_memory(world: World) -> None:
    """The node may write to one of the folders: a link of its own would lead root astray."""
    assert world.run("prepare-node.sh") == 0
    trap = world.folder / "configuration" / "preparation" / ONCE[0]
    trap.unlink()
    trap.symlink_to(world.folder / "elsewhere")

    assert world.run("prepare-node.sh") == 0

    assert not trap.is_symlink()
    assert not (world.folder / "elsewhere").exists()
    gone = world.calls.index("docker rm --force --volumes scipio-node")
    assert gone < world.calls.index(f"umount {world.folder / 'configuration' / 'secrets'}")


def test_a_server_that_has_served_asks_no_more_for_what_it_may_not_read(world: World) -> None:
    (world.folder / "prepared").touch()

    assert world.run("prepare-node.sh") == 0

    assert set(secrets_of(world, "secrets")) == set(ALWAYS)
    assert secrets_of(world, "preparation") == {}


def test_without_a_secret_nothing_starts(world: World) -> None:
    """The unit tries again, with pauses."""
    world.answers(secrets=["ok", "no"])

    assert world.run("prepare-node.sh") != 0


@pytest.mark.parametrize(("restarts", "pause_s"), [(0, 0), (1, 10), (5, 50), (6, 60), (400, 60)])
def test_each_failure_makes_the_pause_longer_up_to_a_minute(
    world: World, restarts: int, pause_s: int
) -> None:
    """A node that cannot start does not ask database and registry all the time."""
    world.answers(restarts=[str(restarts)], uptime=["0"])

    assert world.run("prepare-node.sh") == 0
    assert int((world.folder / "uptime").read_text()) == pause_s


def test_an_instance_id_that_was_not_filled_in_stops_the_start(world: World) -> None:
    """All nodes would have the same one."""
    identity = {"SCIPIO_INSTANCE_ID": "CI_MISSING_JINJA_VAR/instance_id"}

    assert world.run("prepare-node.sh", identity) != 0
    assert "cloud-init did not fill it in" in world.printed


# --- start-node


def docker_run(world: World) -> list[str]:
    [call] = [call for call in world.calls if call.startswith("docker run ")]
    return shlex.split(call)


def values(words: Sequence[str], option: str) -> list[str]:
    return [after for word, after in pairwise(words) if word == option]


def test_the_container_is_bounded_and_can_write_only_where_it_must(world: World) -> None:
    """Root's file system is read-only, its memory has a limit, and it can gain no right."""
    assert world.run("start-node.sh") == 0

    words = docker_run(world)
    assert words[-1] == SERVER.image
    assert values(words, "--memory") == values(words, "--memory-swap") == ["3000m"]
    assert values(words, "--cap-drop") == ["ALL"]
    assert values(words, "--security-opt") == ["no-new-privileges"]
    assert "--read-only" in words
    assert values(words, "--volume") == ["/tmp", "/opt/scipio/runtime"]
    assert values(words, "--tmpfs") == [
        "/run/scipio:rw,noexec,nosuid,nodev,size=16m,mode=0700,uid=10001,gid=10001"
    ]
    assert values(words, "--stop-timeout") == ["70"]
    assert values(words, "--publish") == ["8081:8081", "8083:8083"]


def test_a_connection_to_a_host_that_vanished_ends_as_on_one_machine(world: World) -> None:
    """What the containers of one machine get, in the words of `docker run`."""
    assert world.run("start-node.sh") == 0
    wanted = [f"{name}={value}" for name, value in SYSCTLS.items()]
    assert values(docker_run(world), "--sysctl") == wanted


def test_a_node_is_told_its_instance_id_and_the_document_and_nothing_else(world: World) -> None:
    """As on one machine: secrets are no part of an environment."""
    assert world.run("start-node.sh") == 0

    words = docker_run(world)
    assert values(words, "--env") == [f"SCIPIO_INSTANCE_ID={INSTANCE_ID}"]
    configuration = world.folder / "configuration"
    assert values(words, "--mount") == [
        f"type=bind,source={configuration},target=/etc/scipio,readonly",
        f"type=bind,source={configuration}/secrets,target=/etc/scipio/secrets,readonly",
        f"type=bind,source={configuration}/preparation,target=/etc/scipio/preparation",
        "type=bind,source=/srv/scipio/shared,target=/srv/scipio/shared",
    ]


def test_logs_go_to_the_servers_own_stream_and_never_stop_the_node(world: World) -> None:
    """In blocking mode the JVM would stand still while CloudWatch does not answer."""
    assert world.run("start-node.sh") == 0

    words = docker_run(world)
    assert values(words, "--log-driver") == ["awslogs"]
    assert dict(option.split("=", 1) for option in values(words, "--log-opt")) == {
        "awslogs-region": "ap-southeast-2",
        "awslogs-group": SERVER.log_group,
        "awslogs-stream": INSTANCE_ID,
        "awslogs-create-group": "false",
        "awslogs-multiline-pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}.[0-9]{2}:",
        "mode": "non-blocking",
        "max-buffer-size": "4m",
    }


def test_a_search_server_keeps_its_index_on_its_disk(world: World) -> None:
    """And has no shared files."""
    search_server = replace(SERVER, role="search", port=8983, health_port=None, shared_files=None)
    search = systemd.parse_environment(
        files_of(node_user_data(search_server))["/etc/scipio/server.env"]
    )
    assert world.run("start-node.sh", search) == 0

    words = docker_run(world)
    assert values(words, "--publish") == ["8983:8983"]
    assert len(values(words, "--sysctl")) == len(SYSCTLS)
    assert values(words, "--env")[1:] == ["SCIPIO_ROLE=search"]
    assert values(words, "--mount")[3:] == [
        "type=bind,source=/var/lib/scipio/search-index,"
        "target=/opt/scipio/applications/solr/cores/product/data"
    ]
    assert any("--owner=10001" in call for call in world.calls if call.startswith("install"))


def test_an_image_that_is_no_nodes_is_refused(world: World) -> None:
    """Without its home nobody knows what may be written to."""
    world.answers(home=[""])

    assert world.run("start-node.sh") != 0
    assert "sets no OFBIZ_HOME" in world.printed
