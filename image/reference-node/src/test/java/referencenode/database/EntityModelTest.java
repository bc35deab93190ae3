package referencenode.database;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.Timestamp;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;

class EntityModelTest {
    @Test
    void namesOfTablesAndColumnsAreThoseOfTheErp() {
        assertEquals("job_sandbox", EntityModel.JOB_SANDBOX.table());
        assertEquals("run_by_instance_id", Entity.snakeCase("runByInstanceId"));
        assertEquals("CREATE TABLE sequence_value_item (seq_name VARCHAR(255) NOT NULL, seq_id NUMERIC(20,0),"
                + " last_updated_stamp TIMESTAMPTZ, last_updated_tx_stamp TIMESTAMPTZ, created_stamp TIMESTAMPTZ,"
                + " created_tx_stamp TIMESTAMPTZ, CONSTRAINT PK_sequence_value_item PRIMARY KEY (seq_name))",
                Schema.createTable(EntityModel.SEQUENCE_VALUE_ITEM).replaceAll(" +", " "));
    }

    @Test
    void aRowOfADataFileIsReadByTheTypesOfItsFields() throws Exception {
        Element element = element("JobSandbox");
        element.setAttribute("jobId", "J1");
        element.setAttribute("runTime", "2000-01-01 00:00:00.000");
        element.setAttribute("maxRecurrenceCount", "-1");
        element.setAttribute("notAField", "passed over");
        EntityValue value = EntityXml.value(element, EntityModel.JOB_SANDBOX);
        assertEquals(Timestamp.valueOf("2000-01-01 00:00:00"), value.get("runTime"));
        assertEquals(-1L, value.get("maxRecurrenceCount"));
        assertTrue(!value.has("statusId"));
    }

    @Test
    void aFieldThatIsNotOfItsTypeIsNamed() throws Exception {
        Element element = element("JobSandbox");
        element.setAttribute("priority", "high");
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class,
                () -> EntityXml.value(element, EntityModel.JOB_SANDBOX));
        assertEquals("JobSandbox.priority: not a numeric", refused.getMessage());
    }

    private static Element element(String tag) throws Exception {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().newDocument().createElement(tag);
    }
}
