package org.ofbiz.entity.serialize;

import org.ofbiz.entity.Delegator;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

public class XmlSerializer {
    public static Element serializeSingle(Object object, Document document) throws SerializeException {
        throw new UnsupportedOperationException("a signature alone");
    }

    public static Object deserialize(Document document, Delegator delegator) throws SerializeException {
        throw new UnsupportedOperationException("a signature alone");
    }
}
