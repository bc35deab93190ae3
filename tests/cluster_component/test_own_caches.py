"""Which of the ERP's caches a node keeps when it may have missed a clear (OwnCaches.java)."""

import re

import pytest

from tests.support.java_artifacts import CLUSTER_COMPONENT

SOURCE = CLUSTER_COMPONENT / "adapter/src/main/java/clustercacheclear/erp/OwnCaches.java"

CLEARED_BY_MESSAGES = (
    # What each service of the JMS engine clears (framework/entityext, framework/common,
    # applications/content, applications/product, applications/cms).
    "content.image.variants",
    "product.image.variants",
    "category.image.variants",
    "scipio.mediaProfile.name",
    "scipio.mediaProfile.static",
    "properties.UtilPropertiesBundleCache",
    "properties.GlobalPropertiesBundleCache",
    "cms.content.page.id",
    "cms.control.view.name",
    "cms.control.processMapping.path",
    "cms.control.viewMapping.name",
    "entitycache.entity.default.Product",
    "entitycache.entity-list.default.Product",
    # Made from rows, without any message of its own.
    "product.content.rendered",
    "seo.filter.product.url",
    # Whatever a tree has of its own.
    "mueller.prices",
)
FROM_FILES = (
    "template.ftl.general",
    "templatesource.ftl.location.x",
    "widget.screen.locationResource",
    "widget.screen.template.ftl.general",
    "widget.renderer.targeted.expr",
    "script.GroovyLocationParsedCache",
    "minilang.SimpleMethodsResource",
    "webapp.ControllerConfig",
    "webapp.FreeMarkerCache.admin",
    "service.ModelServiceMapByDispatcher",
    "entity.ModelReader",
    "flexibleStringExpander.ExpressionCache",
)


@pytest.mark.parametrize("name", CLEARED_BY_MESSAGES)
def test_what_a_message_may_have_cleared_is_cleared(name: str) -> None:
    assert not _kept(name)


@pytest.mark.parametrize("name", FROM_FILES)
def test_what_was_compiled_from_the_trees_files_is_kept(name: str) -> None:
    assert _kept(name)


def _kept(name: str) -> bool:
    source = SOURCE.read_text()
    patterns = [found.replace("\\\\", "\\") for found in re.findall(r'compile\("(.*)"\)', source)]
    assert len(patterns) > 3
    essential = re.findall(r'"([\w.]+)"', source[: source.index("FROM_FILES")])
    return name in essential or any(re.fullmatch(pattern, name) for pattern in patterns)
