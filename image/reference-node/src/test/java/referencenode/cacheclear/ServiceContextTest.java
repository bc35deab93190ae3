package referencenode.cacheclear;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import referencenode.database.EntityModel;
import referencenode.database.EntityValue;
import referencenode.database.EntityXml;

class ServiceContextTest {
    @Test
    void aContextHasTheShapeThatTheErpReads() {
        String text = ServiceContext.write(Map.of("value", row("k", "v")));
        assertTrue(text.endsWith("<ofbiz-ser><map-HashMap><map-Entry>"
                + "<map-Key><std-String value=\"value\"/></map-Key>"
                + "<map-Value><eeval-ReferenceRow rowKey=\"k\" rowValue=\"v\"/></map-Value>"
                + "</map-Entry></map-HashMap></ofbiz-ser>"), text);
    }

    @Test
    void hostileTextComesBackEqual() throws Exception {
        for (String hostile : new String[] {"<&>\"'", "two\nlines ]]> end", "tab\there", "ümläut €", ""}) {
            Element element = ServiceContext.read(ServiceContext.write(Map.of("value", row(hostile, hostile))))
                    .get("value");
            EntityValue read = EntityXml.value(element, EntityModel.REFERENCE_ROW);
            assertEquals(hostile.isEmpty() ? null : hostile, read.text("rowKey"));
            assertEquals(hostile.isEmpty() ? null : hostile, read.text("rowValue"));
        }
    }

    @Test
    void everyKindOfMapIsRead() throws Exception {
        Map<String, Element> read = ServiceContext.read("<ofbiz-ser><map-Map><map-Entry>"
                + "<map-Key><std-String value=\"distribute\"/></map-Key>"
                + "<map-Value><std-Boolean value=\"true\"/></map-Value></map-Entry></map-Map></ofbiz-ser>");
        assertEquals("true", read.get("distribute").getAttribute("value"));
    }

    @Test
    void anotherRootADocumentTypeAndBrokenTextAreRefused() {
        for (String refused : new String[] {
            "<java.util.HashMap/>",
            "<!DOCTYPE ofbiz-ser><ofbiz-ser><map-HashMap/></ofbiz-ser>",
            "<ofbiz-ser><map-HashMap>",
            "<ofbiz-ser><cus-obj>ACED</cus-obj></ofbiz-ser>",
        }) {
            assertThrows(ServiceContext.MalformedContextException.class, () -> ServiceContext.read(refused), refused);
        }
    }

    private static EntityValue row(String key, String value) {
        return new EntityValue(EntityModel.REFERENCE_ROW).put("rowKey", key).put("rowValue", value);
    }
}
