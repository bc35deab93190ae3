"""Rules between keys on AWS: what each refuses, and that it says what to do."""

from collections.abc import Callable
from typing import Any

import pytest

from settings import pool_rules, release_rules
from settings.aws.rules import (
    RULES,
    cdn,
    database,
    messaging,
    names,
    network,
    operations,
    release,
)
from settings.aws.rules import servers as servers_rules
from settings.aws.settings import AwsProfile
from tests.support.aws_settings import IMAGE, OTHER_IMAGE, aws_faults, aws_settings

CERTIFICATE = "arn:aws:acm:{region}:{account}:certificate/0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"
TOPIC = "arn:aws:sns:{region}:123456789012:operations"
EXISTING = {
    "vpcId": "vpc-0123456789abcdef0",
    "publicSubnetIds": ["subnet-00000001", "subnet-00000002"],
    "privateSubnetIds": ["subnet-00000003", "subnet-00000004"],
    "isolatedSubnetIds": ["subnet-00000005", "subnet-00000006"],
}
NIGHT = {"name": "night", "recurrence": "0 20 * * *", "timeZone": "Europe/Berlin"}


def certificate(region: str = "eu-central-1", account: str = "123456789012") -> str:
    return CERTIFICATE.format(region=region, account=account)


Case = tuple[Callable[..., Any], AwsProfile, dict[str, Any], list[str]]

CASES: dict[str, Case] = {
    "a host that is no domain": (
        names.host_is_a_domain,
        "prod",
        {"dns": {"zone": None, "certificateArn": certificate()}, "balancer": {"host": "10.0.0.1"}},
        [
            'balancer.host: "10.0.0.1" is no domain name, and a certificate needs one. Write it in '
            "full, as erp.example.com."
        ],
    ),
    "mail at a port that EC2 shuts": (
        operations.mail_finds_a_way_out,
        "prod",
        {"mail": {"relayHost": "smtp.example.com", "port": 25}},
        [
            "mail.port: EC2 lets nothing out at port 25 unless AWS was asked to. Set 587 "
            "(starttls) or 465 (tls); Amazon SES takes 2587 and 2465 too."
        ],
    ),
    "a sender without a relay": (
        operations.mail_has_a_relay,
        "prod",
        {"mail": {"fromAddress": "erp@example.com"}},
        [
            "mail.fromAddress: is for mail that is handed to a relay, and there is none. Name one "
            "in mail.relayHost, or leave this out."
        ],
    ),
    "a maintenance page that is too long": (
        network.maintenance_is_a_page,
        "prod",
        {"balancer": {"maintenance": {"text": "x" * 1000}}},
        ["balancer.maintenance.text: the page is 77 bytes too long. Say less."],
    ),
    "names that no certificate is issued for": (
        names.names_suit_a_certificate,
        "prod",
        {
            "balancer": {"host": f"{'a' * 60}.example.com"},
            "dns": {"alternativeNames": [f"{'b' * 64}.example.com"]},
        },
        [
            "balancer.host: has 72 characters, and ACM issues no certificate whose first name has "
            "more than 64. Take a shorter name, or set dns.certificateArn to a certificate that "
            "has it.",
            f'dns.alternativeNames[0]: "{"b" * 64}" has 64 characters, and DNS knows no part of a '
            "name with more than 63. Shorten that part.",
        ],
    ),
    "a host outside of the zone": (
        names.names_are_in_the_zone,
        "prod",
        {
            "balancer": {"host": "erp.badexample.com"},
            "dns": {"alternativeNames": ["a.example.com"]},
        },
        [
            "balancer.host: erp.badexample.com is not in the zone example.com. Names in it end in "
            ".example.com."
        ],
    ),
    "no certificate and no zone": (
        names.certificate_is_given_or_issued,
        "prod",
        {"dns": {"zone": None}},
        [
            "dns.zone: there is neither a certificate nor a hosted zone to prove one in. Set "
            "dns.zone (id and name) to have one issued, or dns.certificateArn to one that is there."
        ],
    ),
    "CloudFront without a certificate": (
        names.cdn_certificate_is_given_or_issued,
        "prod",
        {
            "dns": {"zone": None, "certificateArn": certificate()},
            "balancer": {"idleTimeoutS": 60},
            "cdn": {"enabled": True},
        },
        [
            "cdn.enabled: CloudFront has neither a certificate nor a hosted zone to prove one in. "
            "Set cdn.certificateArn to one in us-east-1, or dns.zone to have one issued."
        ],
    ),
    "a certificate of another region": (
        names.certificates_are_where_they_are_used,
        "prod",
        {"dns": {"certificateArn": certificate("us-east-1")}},
        [
            "dns.certificateArn: the certificate is in us-east-1, and the load balancer in "
            "eu-central-1. Issue one in eu-central-1, or set null to have it issued."
        ],
    ),
    "CloudFront's certificate in the stack's region": (
        names.certificates_are_where_they_are_used,
        "prod",
        {
            "balancer": {"idleTimeoutS": 60},
            "cdn": {"enabled": True, "certificateArn": certificate()},
        },
        [
            "cdn.certificateArn: the certificate is in eu-central-1, and CloudFront takes none but "
            "from us-east-1. Issue one in us-east-1, or set null to have it issued."
        ],
    ),
    "an alarm topic of another region": (
        names.alarm_topic_is_of_the_region,
        "prod",
        {"monitoring": {"alarmTopicArn": TOPIC.format(region="us-east-1")}},
        [
            "monitoring.alarmTopicArn: the topic is in us-east-1, and alarms of eu-central-1 do "
            "not reach it. Name a topic in eu-central-1, or set null to have one made."
        ],
    ),
    "a certificate of another account": (
        names.arns_are_of_allowed_accounts,
        "prod",
        {"dns": {"certificateArn": certificate(account="999999999999")}},
        [
            "dns.certificateArn: is in the account 999999999999, and this stack may touch "
            "123456789012 only. Add the account to aws.allowedAccountIds, or name one of your own."
        ],
    ),
    "tags that others write": (
        names.tags_are_free,
        "prod",
        {"aws": {"tags": {"AWS:x": "1", "CostCentre": "2", "Team": "3"}}},
        [
            'aws.tags.AWS:x: "AWS:x" is written by AWS itself. Take another key.',
            'aws.tags.CostCentre: "CostCentre" is written by the program itself. Use '
            "aws.costCentre.",
        ],
    ),
    "too many tags": (
        names.tags_are_free,
        "prod",
        {"aws": {"tags": {f"t{number}": "x" for number in range(41)}}},
        ["aws.tags: has 41 tags, and AWS takes 50 of which the program needs some. Keep 40."],
    ),
    "a zone of another region": (
        network.zones_are_of_the_region,
        "prod",
        {"network": {"zones": ["eu-central-1a", "eu-west-1b"]}},
        [
            'network.zones[1]: "eu-west-1b" is no zone of eu-central-1. Zones of it are called '
            "eu-central-1a, eu-central-1b and so on."
        ],
    ),
    "a zone twice": (
        network.zones_differ,
        "prod",
        {"network": {"zones": ["eu-central-1a", "eu-central-1a"]}},
        ['network.zones: "eu-central-1a" is named twice. Name each zone once.'],
    ),
    "one zone with standbys": (
        network.two_zones_at_least,
        "prod",
        {"network": {"zones": ["eu-central-1a"]}},
        [
            "network.zones: names 1 zone, and two are needed by the load balancer, the database's "
            "subnet group, the database's standby (multiAz true) and the broker's standby "
            "(deployment active-standby). Name a second zone; it costs nothing by itself."
        ],
    ),
    "one zone without standbys": (
        network.two_zones_at_least,
        "dev",
        {"network": {"zones": ["eu-central-1a"]}},
        [
            "network.zones: names 1 zone, and two are needed by the load balancer and the "
            "database's subnet group. Name a second zone; it costs nothing by itself."
        ],
    ),
    "a block that begins in its middle": (
        network.blocks_begin_at_their_first_address,
        "prod",
        {"balancer": {"allowedCidrs": ["203.0.113.7/24", "300.0.0.0/8"]}},
        [
            "balancer.allowedCidrs[0]: 203.0.113.7/24 is an address within the block "
            "203.0.113.0/24. Write 203.0.113.0/24.",
            "balancer.allowedCidrs[1]: 300.0.0.0/8 is no block of IPv4 addresses.",
        ],
    ),
    "a block too small": (
        network.addresses_fit,
        "prod",
        {"network": {"cidr": "10.42.0.0/24"}},
        [
            "network.cidr: the subnets do not fit into 10.42.0.0/24: 256 addresses; a zone's "
            "public subnet is a sixteenth, and 16 are fewer than the 32 that a load balancer "
            "needs. A /23 is the smallest block, a /16 the usual one."
        ],
    ),
    "a block too large": (
        network.addresses_fit,
        "prod",
        {"network": {"cidr": "10.0.0.0/8"}},
        ["network.cidr: 10.0.0.0/8 is larger than a VPC may be. Take 10.0.0.0/16."],
    ),
    "somebody else's addresses": (
        network.addresses_fit,
        "prod",
        {"network": {"cidr": "8.8.0.0/16"}},
        [
            "network.cidr: 8.8.0.0/16 is not a private block; replies to the real owner would get "
            "lost. Take a part of 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16."
        ],
    ),
    "the container engine's addresses": (
        network.addresses_fit,
        "prod",
        {"network": {"cidr": "172.17.0.0/20"}},
        [
            "network.cidr: 172.17.0.0/20 overlaps 172.17.0.0/16, the container engine's own "
            "network. Servers could not reach what lies there; take another block."
        ],
    ),
    "no way to AWS": (
        network.servers_reach_aws,
        "prod",
        {"network": {"nat": "none"}},
        [
            "network.nat: there is no way to the image registry, Secrets Manager and the logs: nat "
            "is none and interfaceEndpoints is false. Set network.interfaceEndpoints to true, or "
            "network.nat to one. Mail and payment need NAT."
        ],
    ),
    "existing subnets for one zone of two": (
        network.existing_subnets_match_the_zones,
        "prod",
        {"network": {"existing": EXISTING | {"privateSubnetIds": ["subnet-00000003"]}}},
        [
            "network.existing.privateSubnetIds: names 1 subnets, and there are 2 zones. Name one a "
            "zone, in the order of network.zones."
        ],
    ),
    "an existing subnet for two purposes": (
        network.existing_subnets_match_the_zones,
        "prod",
        {
            "network": {
                "existing": EXISTING | {"publicSubnetIds": ["subnet-00000001", "subnet-00000003"]}
            }
        },
        [
            "network.existing: subnet-00000003 is named 2 times. Public, private and isolated "
            "subnets differ, and so do those of two zones."
        ],
    ),
    "a back office that cannot be reached": (
        network.back_office_is_within_reach,
        "prod",
        {
            "balancer": {
                "allowedCidrs": ["203.0.113.0/24"],
                "backOfficeCidrs": ["203.0.113.128/25", "198.51.100.0/24"],
            }
        },
        [
            "balancer.backOfficeCidrs[1]: 198.51.100.0/24 may not reach the cluster at all: it is "
            "in none of allowedCidrs. Add it there too."
        ],
    ),
    "an upgrade to an older version": (
        database.upgrade_goes_up,
        "prod",
        {"database": {"engineVersion": "17", "upgradeTo": "16"}},
        [
            "database.upgradeTo: 16 is no later version than 17 of engineVersion. Once an upgrade "
            "is done, write its version into engineVersion and set null."
        ],
    ),
    "an upgrade beside a restore": (
        database.upgrade_goes_up,
        "prod",
        {"database": {"upgradeTo": "17", "restore": {"kind": "snapshot", "snapshot": "before"}}},
        [
            "database.upgradeTo: a database is restored with the version of its source. Restore "
            "first; then take restore out and upgrade."
        ],
    ),
    "images that are copied nowhere": (
        operations.images_are_copied_somewhere,
        "prod",
        {"backup": {"copyRegion": None}, "image": {"replicate": True}},
        [
            "image.replicate: there is no second region, or no image in ECR of the stack's own. "
            "Set both, or set image.replicate to false."
        ],
    ),
    "a region of another part of AWS": (
        network.databases_of_the_region_can_be_trusted,
        "prod",
        {
            "aws": {"region": "us-gov-west-1"},
            "network": {"zones": ["us-gov-west-1a", "us-gov-west-1b"]},
            "backup": {"copyRegion": None},
        },
        [
            "aws.region: nodes could not check the certificate of a database in us-gov-west-1: "
            "their image has no RDS authority of that region. If it is spelt right: append the "
            "roots of https://truststore.pki.us-gov-west-1.rds.amazonaws.com/global/"
            "global-bundle.pem to image/node/authorities/global-bundle.pem (the README there says "
            "how), and put its name into REGIONS of settings/aws/catalogue.py."
        ],
    ),
    "a page that CloudFront gives up": (
        cdn.the_cdn_waits_as_long_as_the_balancer,
        "prod",
        {"cdn": {"enabled": True}},
        [
            "cdn.enabled: a page may say nothing for 300 s, and CloudFront answers 504 after 60 s. "
            "Set balancer.idleTimeoutS to 60, or raise cdn.originTimeoutS: to 120, or to 180 once "
            "AWS has raised the quota."
        ],
    ),
    "more static paths than a distribution has room for": (
        cdn.static_paths_fit_into_a_distribution,
        "prod",
        {
            "balancer": {"idleTimeoutS": 60},
            "cdn": {"enabled": True, "staticPaths": [f"/static{index}" for index in range(75)]},
        },
        [
            "cdn.staticPaths: names 75 paths, and a distribution has 75 cache behaviours, of which "
            "one is everything else. Name 74 at most: a path stands for all below it."
        ],
    ),
    "a static path twice, and one that is everything": (
        cdn.static_paths_are_apart,
        "prod",
        {
            "balancer": {"idleTimeoutS": 60},
            "cdn": {"enabled": True, "staticPaths": ["/images", "/images/", "/"]},
        },
        [
            "cdn.staticPaths: /images is named 2 times, with and without a slash at its end. Name "
            "it once.",
            "cdn.staticPaths: / is everything, and one visitor's pages would be kept for all "
            "others. Name folders of files that are the same for everybody, as /images.",
        ],
    ),
    "addresses behind CloudFront": (
        cdn.addresses_are_the_visitors_own,
        "prod",
        {
            "balancer": {"backOfficeCidrs": ["203.0.113.0/24"], "idleTimeoutS": 60},
            "cdn": {"enabled": True},
        },
        [
            "balancer.backOfficeCidrs: the load balancer sees CloudFront's addresses and not the "
            "visitors'. Turn cdn.enabled off, or leave addresses open and protect the back office "
            "by its log-in."
        ],
    ),
    "a server of the other architecture": (
        servers_rules.machines_are_of_the_architecture,
        "prod",
        {"servers": {"instanceType": "m7g.large"}},
        [
            "servers.instanceType: m7g.large is arm64, and servers.architecture is x86_64. Image, "
            "machine image and server must be of one architecture: families with a g behind the "
            "number are arm64, the others x86_64."
        ],
    ),
    "a search server of the other architecture": (
        servers_rules.machines_are_of_the_architecture,
        "prod",
        {"servers": {"architecture": "arm64", "instanceType": "m7g.large"}},
        [
            "servers.architecture: m7i.large is x86_64, and servers.architecture is arm64. Image, "
            "machine image and server must be of one architecture: families with a g behind the "
            "number are arm64, the others x86_64."
        ],
    ),
    "no machine image in production": (
        servers_rules.machine_image_is_pinned,
        "prod",
        {"servers": {"ami": None}},
        [
            "servers.ami: production names no machine image, and the newest of the day would "
            "replace all nodes at an unrelated update. Set the id of an Amazon Linux 2023 image of "
            "this region and architecture."
        ],
    ),
    "more at least than at most": (
        servers_rules.sizes_are_in_order,
        "prod",
        {"servers": {"min": 5}},
        ["servers.min: min 5 is more than max 4. Set min to 4 at most, or raise max."],
    ),
    "more desired than at most": (
        servers_rules.sizes_are_in_order,
        "prod",
        {"servers": {"desired": 5}},
        ["servers.desired: desired 5 is outside of min 2 and max 4. Set null to begin with min."],
    ),
    "a schedule beyond the bounds": (
        servers_rules.schedules_keep_the_bounds,
        "prod",
        {"servers": {"schedules": [NIGHT | {"min": 1, "desired": 2}]}},
        [
            'servers.schedules[0].min: min 1 of "night" is outside of min 2 and max 4. The '
            "database's connections are counted for max servers; raise it there."
        ],
    ),
    "a schedule out of order": (
        servers_rules.schedules_keep_the_bounds,
        "prod",
        {"servers": {"schedules": [NIGHT | {"max": 2, "desired": 3}]}},
        ['servers.schedules[0]: the sizes of "night" are not in order: min 2, desired 3, max 2.'],
    ),
    "schedules that are not clear": (
        servers_rules.schedules_are_clear,
        "prod",
        {
            "servers": {
                "schedules": [
                    NIGHT | {"recurrence": "0 24 1-32 * *", "desired": 2},
                    NIGHT | {"timeZone": "Europe/Berlinn"},
                ]
            }
        },
        [
            'servers.schedules[0].name: "night" names another too.',
            'servers.schedules[0].recurrence: "0 24 1-32 * *" has the hour 24; it is from 0 to 23.',
            'servers.schedules[0].recurrence: "0 24 1-32 * *" has the day 32; it is from 1 to 31.',
            'servers.schedules[1].name: "night" names another too.',
            "servers.schedules[1]: changes nothing. Say min, max or desired, or take it out.",
            'servers.schedules[1].timeZone: "Europe/Berlinn" is no time zone that Java 17 knows, '
            "and Auto Scaling "
            "would refuse it. Did you mean Europe/Berlin?",
        ],
    ),
    "a replacement without room": (
        servers_rules.replacement_leaves_room,
        "prod",
        {"servers": {"maxHealthyPercent": 100}},
        [
            "servers.maxHealthyPercent: maxHealthyPercent 100 - minHealthyPercent 100 = 0, and "
            "Auto Scaling takes 1 to 100. 100 and 150 start a new server before an old one goes."
        ],
    ),
    "a heap too large for its server": (
        servers_rules.memory_holds_heap,
        "prod",
        {"nodes": {"heapMib": 7000}},
        [
            "nodes.heapMib: too little memory: heap 7000 + its collector 700 + the JVM beside it "
            "336 + agent 80 = 8116 MiB, and m7i.large has 8192 - 922 for the system = 7270. Set "
            "nodes.heapMib to 6208 at most (null does), or take a larger type."
        ],
    ),
    "a heap too small for the ERP": (
        servers_rules.heap_suits_the_erp,
        "prod",
        {"nodes": {"heapMib": 512}},
        [
            "nodes.heapMib: the ERP needs a heap of 640 MiB at least, and heapMib is 512. Leave it "
            "to null for 6208."
        ],
    ),
    "a slow start that is too quick": (
        servers_rules.slow_start_is_accepted,
        "prod",
        {"balancer": {"slowStartS": 10}},
        ["balancer.slowStartS: got 10; must be 0, or a whole number from 30 to 900."],
    ),
    "a health check longer than its interval": (
        servers_rules.health_checks_end_in_time,
        "prod",
        {"balancer": {"healthTimeoutS": 10, "healthIntervalS": 10}},
        [
            "balancer.healthTimeoutS: healthTimeoutS 10 is not less than healthIntervalS 10: a "
            "check would not end before the next. Set healthTimeoutS to 9 at most."
        ],
    ),
    "a time zone that Java does not know": (
        servers_rules.jvm_time_zone_exists,
        "prod",
        {"nodes": {"timeZone": "Europe/Berlinn"}},
        [
            'nodes.timeZone: "Europe/Berlinn" is no time zone that Java 17 knows, '
            "and a JVM would silently run in "
            "GMT. Did you mean Europe/Berlin?"
        ],
    ),
    "an image from two sources": (
        release.image_has_one_source,
        "prod",
        {"image": {"build": {"context": ".", "dockerfile": "Dockerfile", "target": None}}},
        [
            "image.existing: names an image that is there, and image.build says how to build one. "
            "Keep one of them and set the other to null."
        ],
    ),
    "an image by its tag in production": (
        release.image_is_pinned,
        "prod",
        {"image": {"existing": "scipio-erp:3.0.1"}},
        [
            "image.existing: scipio-erp:3.0.1 is named by its tag, and two nodes could run "
            "different images. Name it by its digest: …@sha256:…."
        ],
    ),
    "an active colour that is not there": (
        release_rules.active_colour_exists,
        "prod",
        {"release": {"mode": "bluegreen", "active": "green"}},
        [
            "release.active: green gets all visitors, and release.green is null: there are no "
            "green nodes. Say release.green (an empty section, {}, will do), or make blue active."
        ],
    ),
    "two colours in mode rolling": (
        release_rules.rolling_has_one_colour,
        "prod",
        {"release": {"green": {}}},
        [
            "release.green: there are green nodes too, and mode rolling has the active colour "
            "alone. Set release.green to null, or release.mode to bluegreen."
        ],
    ),
    "two colours of one image": (
        release_rules.two_colours_have_their_images,
        "prod",
        {"release": {"mode": "bluegreen", "green": {"image": IMAGE}}},
        [
            "release.green: blue names no image, so that a new one would replace its nodes too. "
            "Name the image that it runs now."
        ],
    ),
    "a colour's sizes out of order": (
        release.colours_keep_their_sizes_in_order,
        "prod",
        {"release": {"blue": {"max": 1}}},
        [
            "release.blue: the sizes of blue are not in order: min 2, desired 2, max 1. What a "
            "colour leaves out is taken from servers."
        ],
    ),
    "a colour that never empties": (
        release_rules.colours_empty_over_night,
        "prod",
        {"release": {"mode": "bluegreen"}, "balancer": {"stickinessS": 86_400}},
        [
            "balancer.stickinessS: 86400 s from each request on: who works here every day never "
            "leaves the old colour. Set it to a session's time, and to 43200 at most."
        ],
    ),
    "a canary without a second colour": (
        release.a_canary_has_a_colour,
        "prod",
        {"release": {"mode": "bluegreen", "canaryPercent": 5}},
        [
            "release.canaryPercent: 5 % of new visitors shall get green, and there are no green "
            "nodes. Say release.green, or set release.canaryPercent to 0."
        ],
    ),
    "a restore from a day that is none": (
        release.restore_is_from_a_moment,
        "prod",
        {
            "database": {
                "restore": {"kind": "point-in-time", "source": "a", "at": "2026-04-31T00:00:00Z"}
            },
        },
        ['database.restore.at: "2026-04-31T00:00:00Z" is no moment that the calendar has.'],
    ),
    "too few connections by the class": (
        database.connections_suffice,
        "prod",
        {"database": {"instanceClass": "db.t4g.small"}},
        [
            "database.instanceClass: too few database connections: blue 4 × 150 % = 6 nodes × "
            "(poolMax 60 + 1 for the agent) + reserve 20 = 386, and db.t4g.small (2048 MiB) gives "
            "198 - 3 kept for superusers = 195. Take a larger class, or lower database.poolMax to "
            "28 at most, or fewer servers."
        ],
    ),
    "too few connections for both colours": (
        database.connections_suffice,
        "prod",
        {
            "servers": {"max": 5},
            "release": {
                "mode": "bluegreen",
                "blue": {"image": IMAGE},
                "green": {"image": OTHER_IMAGE},
            },
        },
        [
            "servers.max: too few database connections: blue 5 × 150 % + green 5 × 150 % = 16 "
            "nodes × (poolMax 60 + 1 for the agent) + reserve 20 = 996, and db.m7g.large (8192 "
            "MiB) gives 793 - 3 kept for superusers = 790. Take a larger class, or lower "
            "database.poolMax to 47 at most, or fewer servers."
        ],
    ),
    "more connections than memory": (
        database.memory_holds_connections,
        "prod",
        {"database": {"maxConnections": 2000}},
        [
            "database.maxConnections: 2000 connections are too many for db.m7g.large: 8192 MiB / "
            "9.1 MiB a connection = 901. Set 901 at most, set null, or take a larger class."
        ],
    ),
    "a pool with more at least than at most": (
        pool_rules.pool_bounds_are_in_order,
        "prod",
        {"database": {"poolMin": 61}},
        ["database.poolMin: poolMin 61 is more than poolMax 60. Set poolMin to 60 at most."],
    ),
    "search where a node shows its health": (
        operations.search_has_a_port_of_its_own,
        "prod",
        {"search": {"port": 8083}},
        [
            "search.port: got 8083, where the search node itself shows its health. Take another "
            "one, for example 8983."
        ],
    ),
    "search where a node shows its sign": (
        operations.search_has_a_port_of_its_own,
        "prod",
        {"search": {"port": 8082}},
        [
            "search.port: got 8082, where the search node itself shows its sign. Take another "
            "one, for example 8983."
        ],
    ),
    "a pool that its threads can empty": (
        pool_rules.pool_feeds_the_threads,
        "prod",
        {"database": {"poolMax": 26}},
        [
            "database.poolMax: too small a pool: a thread holds up to 3 connections at once, so (4 "
            "request threads + jobThreads 5 + 4 others) × 2 + 1 = 27, and poolMax is 26; with "
            "fewer, requests wait for each other's connections. Raise database.poolMax to 27 at "
            "least, or lower nodes.jobThreads to 4."
        ],
    ),
    "a disk that would shrink": (
        database.disk_may_grow,
        "prod",
        {"database": {"maxStorageGib": 99}},
        [
            "database.maxStorageGib: maxStorageGib 99 is less than storageGib 100, and a disk "
            "never shrinks. Set it to 110 at least, or to 100 for a disk that does not grow."
        ],
    ),
    "a disk that grows too little": (
        database.disk_may_grow,
        "prod",
        {"database": {"maxStorageGib": 105}},
        [
            "database.maxStorageGib: maxStorageGib 105 is less than a tenth above storageGib 100. "
            "Set it to 110 at least, or to 100 for a disk that does not grow."
        ],
    ),
    "windows too short and too long": (
        database.windows_are_long_enough,
        "prod",
        {
            "database": {
                "backupWindow": "01:00-01:29",
                "maintenanceWindow": "sun:02:00-mon:03:00",
            }
        },
        [
            "database.backupWindow: is 29 minutes long, and RDS wants 30 at least.",
            "database.maintenanceWindow: is 25 hours long, and RDS wants less than 24. Is the "
            "second day the one that is meant?",
            "database.backupWindow: 01:00-01:29 and the maintenance window sun:02:00-mon:03:00 "
            "overlap by 29 minutes. Move one of them.",
        ],
    ),
    "windows that overlap": (
        database.windows_do_not_overlap,
        "prod",
        {"database": {"backupWindow": "03:00-04:00"}},
        [
            "database.backupWindow: 03:00-04:00 and the maintenance window sun:02:30-sun:03:30 "
            "overlap by 30 minutes. Move one of them."
        ],
    ),
    "production without backups": (
        database.production_is_backed_up,
        "prod",
        {"database": {"backupRetentionDays": 0}},
        [
            "database.backupRetentionDays: production would keep no backup: 0 days. Set 1 to 35; "
            "to go back to any moment needs it."
        ],
    ),
    "a pair of the smallest brokers": (
        messaging.broker_suits_its_deployment,
        "dev",
        {"messaging": {"deployment": "active-standby"}},
        [
            "messaging.deployment: mq.t3.micro has 1 GiB and 100 connections, and the ERP opens "
            "one for each message: a pair that is to survive a zone would fail under load first. "
            "Take mq.m5.large, or deployment single outside of production."
        ],
    ),
    "the smallest broker in production": (
        messaging.broker_suits_its_deployment,
        "prod",
        {"messaging": {"deployment": "single", "instanceType": "mq.t3.micro"}},
        [
            "messaging.instanceType: mq.t3.micro has 1 GiB and 100 connections, and the ERP opens "
            "one for each message: production would run out of connections. Take mq.m5.large, or "
            "deployment single outside of production."
        ],
    ),
    "one broker user for two": (
        messaging.broker_users_differ,
        "prod",
        {"messaging": {"operatorUser": "Scipio"}},
        [
            'messaging.operatorUser: "Scipio" is the nodes\' user too, which may do less. Take '
            "another name."
        ],
    ),
    "a broker window of no time zone": (
        messaging.broker_window_has_a_time_zone,
        "prod",
        {"messaging": {"maintenanceWindow": {"timeZone": "Europe/Berlinn"}}},
        [
            'messaging.maintenanceWindow.timeZone: "Europe/Berlinn" is no time zone that Java '
            "17 knows, and Amazon MQ would refuse it. Did you mean Europe/Berlin?"
        ],
    ),
    "a shop without a search": (
        operations.shop_has_a_search,
        "prod",
        {"search": {"mode": "off"}},
        [
            'search.mode: is off, and "/" leads to /shop/: the shop lists products by searching. '
            "Set search.mode to solr, or balancer.rootRedirect to /admin/control/main."
        ],
    ),
    "a recovery too short": (
        operations.recovery_is_accepted,
        "prod",
        {"secrets": {"recoveryDays": 3}},
        ["secrets.recoveryDays: got 3; must be 0, or a whole number from 7 to 30."],
    ),
    "files backed up twice": (
        operations.files_are_backed_up_once,
        "prod",
        {"files": {"dailyBackup": True}},
        [
            "files.dailyBackup: the files are in the backup plan already. Set files.dailyBackup to "
            "false."
        ],
    ),
    "a copy to the same region": (
        operations.copies_go_elsewhere,
        "prod",
        {"backup": {"copyRegion": "eu-central-1"}},
        [
            "backup.copyRegion: eu-central-1 is the stack's own region. Name a region far away, or "
            "set null."
        ],
    ),
    "a copy to another part of AWS": (
        operations.copies_go_elsewhere,
        "prod",
        {"backup": {"copyRegion": "cn-north-1"}},
        [
            "backup.copyRegion: cn-north-1 is in another part of AWS than eu-central-1, and "
            "nothing is copied between them. Name a region far away, or set null."
        ],
    ),
    "alarms that nobody hears": (
        operations.somebody_is_told,
        "prod",
        {"monitoring": {"alarmEmails": []}},
        [
            "monitoring.alarmEmails: production has alarms, and nobody is told. Name an address, "
            "or the topic of whoever is on duty in alarmTopicArn."
        ],
    ),
    "a budget that nobody reads": (
        operations.budget_is_reported,
        "dev",
        {"monitoring": {"monthlyBudgetUsd": 100, "alarmEmails": []}},
        [
            "monitoring.monthlyBudgetUsd: there is a budget, and nobody is told when it is spent. "
            "Name an address in monitoring.alarmEmails."
        ],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_broken_rule_is_one_line_with_the_sum_and_a_way_out(case: str) -> None:
    _, profile, sections, lines = CASES[case]
    assert aws_faults(profile, **sections) == lines


def test_every_rule_has_a_case_that_breaks_it() -> None:
    assert {rule for rule, *_ in CASES.values()} == set(RULES)


def test_every_rule_says_in_its_first_line_what_it_demands() -> None:
    for rule in RULES:
        first = (rule.__doc__ or "").splitlines()[0]
        assert first.endswith("."), f"{rule.__name__}: docs/settings.md prints this line"


@pytest.mark.parametrize(
    "sections",
    [
        pytest.param({"network": {"nat": "none", "interfaceEndpoints": True}}, id="no NAT"),
        pytest.param({"network": {"existing": EXISTING, "nat": "none"}}, id="existing VPC"),
        pytest.param({"network": {"cidr": "192.168.2.0/23"}}, id="the smallest block"),
        pytest.param({"network": {"cidr": "172.16.0.0/16"}}, id="beside the container engine"),
        pytest.param(
            {"network": {"zones": ["eu-central-1a", "eu-central-1b", "eu-central-1c"]}},
            id="three zones",
        ),
        pytest.param(
            {"dns": {"zone": None, "certificateArn": certificate()}}, id="someone else's DNS"
        ),
        pytest.param(
            {"cdn": {"enabled": True}, "balancer": {"idleTimeoutS": 60}},
            id="CloudFront, certificates issued",
        ),
        pytest.param(
            {"cdn": {"enabled": True, "originTimeoutS": 180}, "balancer": {"idleTimeoutS": 180}},
            id="CloudFront that waits longer",
        ),
        pytest.param(
            {
                "cdn": {"enabled": True, "certificateArn": certificate("us-east-1")},
                "balancer": {"idleTimeoutS": 60},
            },
            id="CloudFront's certificate in us-east-1",
        ),
        pytest.param(
            {
                "release": {
                    "mode": "bluegreen",
                    "active": "green",
                    "blue": {"image": IMAGE, "min": 1, "max": 1, "desired": 1},
                    "green": {"image": OTHER_IMAGE},
                    "canaryPercent": 50,
                }
            },
            id="both colours, the old one small",
        ),
        pytest.param(
            {"release": {"active": "green", "blue": None, "green": {}}}, id="rolling on green"
        ),
        pytest.param(
            {
                "servers": {"architecture": "arm64", "instanceType": "m7g.large"},
                "search": {"instanceType": "t4g.medium"},
            },
            id="Graviton",
        ),
        pytest.param(
            {"servers": {"schedules": [NIGHT | {"desired": 2}, NIGHT | {"name": "day", "max": 4}]}},
            id="schedules",
        ),
        pytest.param({"nodes": {"heapMib": 6208}}, id="the largest heap"),
        pytest.param({"database": {"maxStorageGib": 100}}, id="a disk that does not grow"),
        pytest.param({"database": {"maxStorageGib": 110}}, id="a disk that grows a tenth"),
        pytest.param({"database": {"maxConnections": 901}}, id="all that memory gives"),
        pytest.param({"database": {"backupWindow": "03:30-04:00"}}, id="windows side by side"),
        pytest.param(
            {
                "monitoring": {
                    "alarmEmails": [],
                    "alarmTopicArn": TOPIC.format(region="eu-central-1"),
                }
            },
            id="alarms to a topic",
        ),
        pytest.param(
            {"search": {"mode": "off"}, "balancer": {"rootRedirect": "/admin/control/main"}},
            id="no shop",
        ),
        pytest.param({"secrets": {"recoveryDays": 0}}, id="secrets deleted at once"),
    ],
)
def test_what_is_right_passes(sections: dict[str, Any]) -> None:
    assert aws_settings(**sections).profile == "prod"
