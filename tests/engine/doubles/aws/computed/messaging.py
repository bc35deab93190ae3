"""The broker and its configuration."""

import uuid
from typing import Any

from tests.engine.doubles.aws.computed.new import Answer, Answers, New


def _broker(new: New) -> Answer:
    id_ = f"b-{uuid.uuid4()}"
    name = str(new.inputs["brokerName"])
    # Both of a pair, the second one first: Amazon MQ promises no order.
    pair = new.inputs.get("deploymentMode") == "ACTIVE_STANDBY_MULTI_AZ"
    return id_, {
        "brokerName": name,
        "arn": new.arn("mq", f"broker:{name}:{id_}"),
        "instances": [_broker_instance(new, id_, number) for number in ((2, 1) if pair else (1,))],
        "storageType": new.inputs.get("storageType", "efs"),
        "authenticationStrategy": "simple",
    }


def _broker_instance(new: New, id_: str, number: int) -> dict[str, Any]:
    host = f"{id_}-{number}.mq.{new.where.region}.amazonaws.com"
    schemes = {"amqp+ssl": 5671, "ssl": 61617, "stomp+ssl": 61614, "mqtt+ssl": 8883, "wss": 61619}
    return {
        "consoleUrl": f"https://{host}:8162",
        "ipAddress": f"10.42.96.{number}",
        "endpoints": [f"{scheme}://{host}:{port}" for scheme, port in schemes.items()],
    }


def _broker_configuration(new: New) -> Answer:
    id_ = f"c-{uuid.uuid4()}"
    return id_, {"arn": new.arn("mq", f"configuration:{id_}"), "latestRevision": 1}


ANSWERS: Answers = {
    "aws:mq/broker:Broker": _broker,
    "aws:mq/configuration:Configuration": _broker_configuration,
}
