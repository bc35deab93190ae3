package clustercacheclear.erp;

import clustercacheclear.UnknownEntityException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ofbiz.entity.Delegator;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

/** Whether a message that clears rows is about an entity of this tree: a newer release has more of them. */
final class KnownEntities {
    /** A row or a key (XmlSerializer.java, serializeSingle). */
    private static final Pattern ROW = Pattern.compile("(?:eeval|eepk)-(.+)");
    private static final String USER_LOGIN = "UserLogin";

    private final Delegator delegator;

    KnownEntities(Delegator delegator) {
        this.delegator = delegator;
    }

    /** {@code message}: the map of one of the services that clear rows, as the ERP writes it. */
    void check(Document message) throws UnknownEntityException {
        NodeList all = message.getElementsByTagName("*");
        for (int at = 0; at < all.getLength(); at++) {
            Matcher row = ROW.matcher(all.item(at).getNodeName());
            if (row.matches()) {
                check(row.group(1));
            } else if (isNameOfEntity(all.item(at))) {
                check(((Element) all.item(at)).getAttribute("value"));
            }
        }
    }

    private void check(String entity) throws UnknownEntityException {
        // A message without its user is none that the ERP can follow, whatever entities there are.
        if (!USER_LOGIN.equals(entity) && delegator.getModelReader().getModelEntityNoCheck(entity) == null) {
            throw new UnknownEntityException(entity);
        }
    }

    /** The value of the map's key {@code entityName}. */
    private static boolean isNameOfEntity(Node element) {
        Node value = element.getParentNode();
        if (!"std-String".equals(element.getNodeName()) || !"map-Value".equals(value.getNodeName())) {
            return false;
        }
        NodeList keys = ((Element) value.getParentNode()).getElementsByTagName("map-Key");
        NodeList names = ((Element) keys.item(0)).getElementsByTagName("std-String");
        return names.getLength() > 0 && "entityName".equals(((Element) names.item(0)).getAttribute("value"));
    }
}
