"""A small tree in the shape of a built Scipio: our own text, a few files a component."""

import io
import shutil
import struct
import zipfile
from pathlib import Path

STOCK = Path(__file__).resolve().parents[1] / "templates" / "trees" / "stock"

COMPONENT = """<?xml version="1.0" encoding="UTF-8"?>
<ofbiz-component name="{name}">
    <classpath type="jar" location="build/lib/*"/>
    <entity-resource type="data" reader-name="seed" loader="main" location="data/SeedData.xml"/>
    <entity-resource type="data" reader-name="demo" loader="main" location="data/DemoData.xml"/>
    <entity-resource type="data" reader-name="demo" loader="main" location="data/BothData.xml"/>
    <entity-resource type="data" reader-name="ext" loader="main" location="data/BothData.xml"/>
</ofbiz-component>
"""
META_INFO = """\
scipio.release.name=scipioce
scipio.release.version=3.0.1
scipio.release.branch=dev
"""
JNDI_SERVERS = '<jndi-config><jndi-server name="default"/></jndi-config>\n'
COMPONENT_LIST = """<component-loader>
    <!-- the user's own remark -->
    <load-component component-location="assetmaint"/>
    <load-component component-location="demosuite"/>
</component-loader>
"""


def small_tree(folder: Path) -> Path:
    """A built tree that can be packed."""
    shutil.copytree(STOCK, folder)
    base = "framework/base/config"
    for path, text in {
        f"{base}/scipiometainfo.properties": META_INFO,
        f"{base}/jndiservers.xml": JNDI_SERVERS,
        f"{base}/ofbizssl.jks": "stock private key",
        f"{base}/customer.jks": "the user's own",
        "specialpurpose/component-load.xml": COMPONENT_LIST,
        "specialpurpose/demosuite/scipio-component.xml": COMPONENT.format(name="demosuite"),
        "applications/order/scipio-component.xml": COMPONENT.format(name="order"),
        "applications/order/build.xml": "<project/>",
        "applications/order/data/SeedData.xml": "<entity-engine-xml/>",
        "applications/order/data/DemoData.xml": "<entity-engine-xml/>",
        "applications/order/data/BothData.xml": "<entity-engine-xml/>",
        "applications/order/src/order/Order.java": "class Order {}",
        "applications/order/src/order/order.properties": "a=b",
        "applications/order/build/classes/order/Order.class": "twice",
        "applications/order/webapp/order/src/order.java": "shown on a page",
        "applications/solr/cores/product/core.properties": "name=product",
        "applications/solr/cores/product/data/index/segments_1": "an index",
        "framework/entity/lib/jdbc/postgresql-42.7.1.jar": "driver",
        "framework/entity/lib/jdbc/unused/derby.jar": "driver",
        "runtime/logs/ofbiz.log": "a log",
        "runtime/gitinfo.ftl": "a page includes it",
        "ivy/resolutionCache/cached": "cache",
        "doc/manual.txt": "words",
        ".git/config": "version control",
    }.items():
        put(folder, path, text.encode())
    for path in ("ofbiz.jar", "applications/order/build/lib/scipio-order.jar"):
        put(folder, path, jar(java=11))
    put(folder, "framework/base/lib/commons-lang3-3.14.0.jar", jar(java=8))
    (folder / "start.sh").write_text("#!/bin/sh\n")
    (folder / "start.sh").chmod(0o755)
    return folder


def put(home: Path, path: str, content: bytes) -> None:
    """The file is there, with its folders."""
    (home / path).parent.mkdir(parents=True, exist_ok=True)
    (home / path).write_bytes(content)


def jar(*, java: int, **entries: str) -> bytes:
    """A jar with one class of this Java; `entries` are further files (`__` stands for `/`)."""
    files: dict[str, bytes | str] = {
        "a/Thing.class": struct.pack(">IHH", 0xCAFEBABE, 0, java + 44),
        "META-INF/versions/21/a/Thing.class": struct.pack(">IHH", 0xCAFEBABE, 0, 65),
        **{name.replace("__", "/"): text for name, text in entries.items()},
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in files.items():
            # Without a time of its own an entry has the clock's, and equal trees differ.
            archive.writestr(zipfile.ZipInfo(name), content)
    return packed.getvalue()
