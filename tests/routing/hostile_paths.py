"""Ways to write a path, and who keeps a stranger from it.

One sign for HAProxy, the load balancer and the firewall, in this order: `x` refused, `-` passed.
First with a back office that is open to everyone, then with one that is for other addresses alone.
"""

from typing import NamedTuple


class Row(NamedTuple):
    """A path with what the three do about it."""

    path: str
    open: str
    limited: str


TABLE = """
# The shop and its files, as they are written: for everyone.
/shop                                                    ---  ---
/shop/control/main                                       ---  ---
/shop/control/main;jsessionid=0123                       ---  ---
/shop/control/product/~product_id=PH-1000/~category_id=1 ---  ---
/shop/control/keywordsearch/~SEARCH_STRING=A%20B%2BC     ---  ---
/shop/products/PH-1/PH-1000-p                            ---  ---
/shop/%C3%BCber-uns                                      ---  ---
/shop/control/updateCheckoutOptions/showcart             ---  ---
/shop/media?contentId=10000                              ---  ---
/images/products/%C3%A4pfel%20rot.png                    ---  ---
/ignite-shop-theme/css/app.css                           ---  ---
/ecommerce/control/main                                  ---  ---
# The back office, as it is written: for the office.
/admin                                                   ---  xxx
/admin/control/main                                      ---  xxx
/admin/control/main;jsessionid=0123                      ---  xxx
/ordermgr/control/orderview/~orderId=WS10000             ---  xxx
/catalog/control/FindProduct?a=../b                      ---  xxx
/iCalendar/CDB-1                                         ---  xxx
/ismgr/control/main                                      ---  xxx
/ordermgr-js/geoAutoCompleter.js                         ---  xxx
/own/control/main                                        ---  xxx
/own                                                     ---  xxx
/partymgr/control/authview/viewprofile                   ---  xxx
/partymgr/control/addrole/viewroles                      ---  xxx
/admin/control/view/ModelInduceFromDb                    ---  xxx
/shopx/control/main                                      ---  xxx
# A view behind a request's name: for nobody.
/admin/control/showDateTime/viewdatafile                 xxx  xxx
/admin/control/showDateTime/viewdatafile/                xxx  xxx
/admin/control/view/viewdatafile                         xxx  xxx
/admin/control/showDateTime/~a=b/viewdatafile            xxx  xxx
/admin/control/showDateTime/viewdatafile/~a=b            xxx  xxx
/admin/control/showDateTime/viewdatafile;a=b             xxx  xxx
/admin/control/showDateTime;a/viewdatafile               xxx  xxx
/admin/control/showDateTime/;/viewdatafile               xxx  xxx
/admin/control/showDateTime/;a/%76iewdatafile            xxx  xxx
/admin/control/showDateTime/~/viewdatafile               xxx  xxx
/admin/control/showDateTime/%7e/viewdatafile             xxx  xxx
/admin/control/showDateTime%3f/viewdatafile              xxx  xxx
/admin/control/showDateTime/viewdatafile%3f              xxx  xxx
/admin/control//showDateTime//viewdatafile               xxx  xxx
/admin/control/showDateTime/./viewdatafile               xxx  xxx
/admin/control/x/../showDateTime/viewdatafile            xxx  xxx
/admin/control/authview/../showDateTime/viewdatafile     xxx  xxx
/shop/../admin/control/showDateTime/viewdatafile         xxx  xxx
/%61dmin/%63ontrol/showDateTime/viewdatafile             xxx  xxx
/own/control/anything/anyview                            xxx  xxx
/partymgr/control/addrole/viewrolesx                     xxx  xxx
/partymgr/control/authviewx/viewprofile                  xxx  xxx
/admin/control/showDateTime/control/authview             xxx  xxx
# What is blocked, wherever and however.
/solr/admin/cores                                        xxx  xxx
/solr;x                                                  xxx  xxx
/demosuite/control/main                                  xxx  xxx
/admin/control/xmlrpc                                    xxx  xxx
/admin/control/httpService                               xxx  xxx
/admin/control/SOAPService/x                             xxx  xxx
/admin/control/TestService;x                             xxx  xxx
/admin/control/streamTest                                xxx  xxx
/shop/control/SOAPService                                xxx  xxx
/admin/control/%68ttpService                             xxx  xxx
/admin/%63ontrol/httpService                             xxx  xxx
/admin/control/xml%72pc                                  xxx  xxx
/%61dmin/control/xmlrpc                                  xxx  xxx
/%73olr/admin                                            xxx  xxx
//solr//admin                                            xxx  xxx
/./solr/admin                                            xxx  xxx
/%2e/solr/admin                                          xxx  xxx
/;/solr/admin                                            xxx  xxx
/;a=b/;c/solr                                            xxx  xxx
/solr;x/admin                                            xxx  xxx
/shop/../solr                                            xxx  xxx
/shop/%2e%2e/solr                                        xxx  xxx
/shop/..;/solr                                           xxx  xxx
/shop/..;a=b/solr                                        xxx  xxx
/shop/.%2E;x/admin/control/xmlrpc                        xxx  xxx
/admin/control;x=1/httpService;y                         xxx  xxx
/admin/control/./xmlrpc                                  xxx  xxx
/admin/control//xmlrpc                                   xxx  xxx
/admin/control/x/../xmlrpc                               xxx  xxx
# The back office, as no browser writes it.
/%61dmin/control/main                                    -x-  xxx
/%61%64%6D%69%6E                                         -x-  xxx
//admin/control/main                                     -x-  xxx
/./admin                                                 -x-  xxx
/shop/../admin/control/main                              xx-  xxx
/shop/%2e%2e/admin/control/main                          xx-  xxx
/shop/..;/admin/control/main                             xxx  xxx
/images/..;a/admin/control/main                          xxx  xxx
/shop;/../admin/control/main                             xxx  xxx
/shop/x/../../admin/control/main                         xx-  xxx
/admin;x/control/main                                    -xx  xxx
/ordermgr%2djs/geoAutoCompleter.js                       -x-  xxx
# Read as a name of the shop's own by a node: no door.
/shop/%2e%2e%3b/admin/control/main                       xx-  xx-
/shop/%252e%252e/admin/control/main                      ---  ---
"""


def rows() -> list[Row]:
    lines = [line for line in TABLE.splitlines() if line and not line.startswith("#")]
    return [Row(*line.split()) for line in lines]
