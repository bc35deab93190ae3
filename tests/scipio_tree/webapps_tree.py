"""Components with webapps for a small tree: our own text, in the shape of the ERP's files."""

from pathlib import Path

from tests.scipio_tree.small_tree import put

STORE = "framework/common/webcommon/WEB-INF/common-store-controller.xml"
COMMON = "framework/common/webcommon/WEB-INF/common-controller.xml"
CONTROL = """<web-app xmlns="http://xmlns.jcp.org/xml/ns/javaee">
  {parameters}
  <filter-mapping><filter-name>ContextFilter</filter-name></filter-mapping>
  <servlet-mapping><servlet-name>c</servlet-name><url-pattern>/control/*</url-pattern></servlet-mapping>
</web-app>
"""
FILES = """<web-app>
  <filter-mapping><filter-name>ExpiresFilter</filter-name></filter-mapping>
</web-app>
"""
REDIRECT = """<web-app>
  <filter><filter-name>SimpleRedirectFilter</filter-name>
    <init-param><param-name>replacement</param-name><param-value>{target}</param-value></init-param>
  </filter>
  <filter-mapping><filter-name>SimpleRedirectFilter</filter-name></filter-mapping>
</web-app>
"""
COMMON_CONTROLLER = """<site-conf>
  <common-settings><view-map-settings default-view-access="public"/></common-settings>
  <request-map uri="view"><security auth="false"/>
    <response name="success" type="request" value="main"/></request-map>
  <request-map uri="main"><security auth="true"/>
    <response name="success" type="view" value="main"/></request-map>
  <request-map uri="json"><security direct-request="false"/>
    <response name="success" type="none"/></request-map>
  <view-map name="main"/>
</site-conf>
"""
STORE_CONTROLLER = """<site-conf>
  <request-map uri="login"><security auth="false"/>
    <response name="success" type="view" value="main"/></request-map>
</site-conf>
"""
ADMIN_CONTROLLER = """<site-conf>
  <include location="component://common/webcommon/WEB-INF/common-controller.xml"/>
  <include location="component://absent/WEB-INF/controller.xml" optional="true"/>
  <include location="component://*/webapp/hooks/post.xml" optional="true" order="post-local"/>
  <request-map uri="showDateTime">
    <response name="success" type="view" value="showDateTime"/></request-map>
  <request-map uri="SOAPService"><event type="soap"/>
    <response name="success" type="none"/></request-map>
  <request-map uri="ping"><event type="service" invoke="ping"/>
    <response name="success" type="view" value="p"/></request-map>
  <request-map uri="addrole"><security auth="true"/>
    <response name="success" type="view" value="roles"/></request-map>
  <view-map name="viewdatafile"/>
  <view-map name="roles"/>
  <view-map name="hidden" access="internal"/>
</site-conf>
"""
HOOK = """<site-conf>
  <request-map uri="mySoap"><event type="soap"/><response name="success" type="none"/></request-map>
  <request-map uri="main"><security auth="false"/>
    <response name="success" type="view" value="main"/></request-map>
</site-conf>
"""
SHOP_CONTROLLER = """<site-conf>
  <include location="component://common/webcommon/WEB-INF/common-store-controller.xml"/>
  <request-map uri="product"><response name="success" type="view" value="product"/></request-map>
  <view-map name="product"/>
</site-conf>
"""
MENU = """<menus>
  <menu-item name="a"><link target="view/viewdatafile"/></menu-item>
  <menu-item name="b"><link target="showDateTime/~a=b"/></menu-item>
  <menu-item name="c"><link target="nowhere/atAll"/></menu-item>
</menus>
"""
ROLES = (
    '<a href="<@pageUrl>addrole/${donePage}</@pageUrl>">a</a> ${makePageUrl("addrole/roles?x=y")}'
)


def add_webapps(home: Path) -> Path:
    """The tree with a shop, a webapp for staff, files, redirects and one that says nothing."""
    webapps = {
        "framework/webtools": (
            "webtools",
            _webapp("admin", "/admin", permission="OFBTOOLS"),
            _webapp("old", "/webtools"),
        ),
        "framework/common": ("common", _webapp("common", "/common")),
        "applications/shop": ("shop", _webapp("shop", "/shop/*"), _webapp("ecom", "/ecommerce")),
        "hot-deploy/own": ("own", _webapp("own", "/own"), _webapp("feed", None)),
        "specialpurpose/demosuite": ("demosuite", _webapp("demosuite", "/demosuite")),
        "specialpurpose/unloaded": ("unloaded", _webapp("unloaded", "/unloaded")),
    }
    for folder, (name, *entries) in webapps.items():
        text = f'<ofbiz-component name="{name}">{"".join(entries)}</ofbiz-component>'
        put(home, f"{folder}/scipio-component.xml", text.encode())
    for path, text in {
        COMMON: COMMON_CONTROLLER,
        STORE: STORE_CONTROLLER,
        "framework/webtools/webapp/admin/WEB-INF/controller.xml": ADMIN_CONTROLLER,
        "framework/webtools/webapp/admin/WEB-INF/web.xml": CONTROL.format(parameters=""),
        "framework/webtools/webapp/old/WEB-INF/web.xml": REDIRECT.format(target="/admin"),
        "framework/webtools/widget/Menus.xml": MENU,
        "framework/webtools/webapp/admin/roles.ftl": ROLES,
        "framework/common/webapp/common/WEB-INF/web.xml": FILES,
        "applications/shop/webapp/shop/WEB-INF/controller.xml": SHOP_CONTROLLER,
        "applications/shop/webapp/shop/WEB-INF/web.xml": CONTROL.format(parameters=""),
        "applications/shop/webapp/ecom/WEB-INF/web.xml": REDIRECT.format(target="/shop"),
        "applications/shop/template/page.ftl": "<@pageUrl>view/main</@pageUrl>",
        "hot-deploy/own/webapp/hooks/post.xml": HOOK,
        "hot-deploy/own/webapp/own/WEB-INF/web.xml": CONTROL.format(parameters=""),
    }.items():
        put(home, path, text.encode())
    return home


def _webapp(name: str, mount: str | None, *, permission: str | None = None) -> str:
    mounted = f' mount-point="{mount}"' if mount else ""
    allowed = f' base-permission="{permission}"' if permission else ""
    return f'<webapp name="{name}" location="webapp/{name}"{mounted}{allowed}/>'
