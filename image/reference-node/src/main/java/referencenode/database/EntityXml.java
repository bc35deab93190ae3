package referencenode.database;

import java.util.List;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import referencenode.config.XmlFile;

/**
 * Rows as XML elements, attribute by field; a value with line breaks is a child element
 * (GenericEntity.java, makeXmlElement; GenericDelegator.java, makeValue(Element)).
 */
public final class EntityXml {
    private EntityXml() {
    }

    public static Element element(Document document, String prefix, EntityValue value) {
        Element element = document.createElement(prefix + value.entity.name);
        for (String field : value.entity.fieldNames()) {
            String text = value.text(field);
            if (text == null) {
                continue;
            }
            if (text.indexOf('\n') >= 0 || text.indexOf('\r') >= 0) {
                Element child = document.createElement(field);
                child.appendChild(document.createCDATASection(text));
                element.appendChild(child);
            } else {
                element.setAttribute(field, text);
            }
        }
        return element;
    }

    /** Fields that the element names and the entity has; others are passed over, as in the ERP. */
    public static EntityValue value(Element element, Entity entity) {
        EntityValue value = new EntityValue(entity);
        for (String field : entity.fieldNames()) {
            if (!element.getAttribute(field).isEmpty()) {
                value.put(field, parse(entity, field, element.getAttribute(field)));
                continue;
            }
            List<Element> children = XmlFile.children(element, field);
            if (!children.isEmpty()) {
                value.put(field, parse(entity, field, children.get(0).getTextContent()));
            }
        }
        return value;
    }

    private static Object parse(Entity entity, String field, String text) {
        try {
            return entity.type(field).parse(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(entity.name + "." + field + ": not a "
                    + entity.type(field).name().toLowerCase(java.util.Locale.ROOT), e);
        }
    }
}
