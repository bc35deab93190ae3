package clustercacheclear.erp;

import java.math.BigDecimal;
import java.sql.Timestamp;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.ofbiz.service.jms.JmsSerializer;

/** Writes a message with the component and with the ERP, reads both with the ERP, and says how long writing took. */
final class MessageXmlTrial {
    private static final int WARM_UP = 300;
    private static final int MESSAGES = 1_000;

    private MessageXmlTrial() {
    }

    public static void main(String[] words) throws Exception {
        Map<String, Object> context = new HashMap<>();
        context.put("text", "<hello & \"good bye\"> \u00e4\u20ac ]]> 'x'");
        context.put("lines", "one\ntwo\tthree  four ");
        context.put("blank", "   ");
        context.put("empty", "");
        context.put("number", new BigDecimal("1234567.89"));
        context.put("long", 42L);
        context.put("moment", Timestamp.valueOf("2026-01-02 03:04:05.678"));
        context.put("truth", true);
        context.put("nothing", null);
        context.put("list", Arrays.asList("a", 1, null));
        MessageXml xml = new MessageXml();

        Object read = JmsSerializer.deserialize(xml.text(context), null);
        Object readOfStock = JmsSerializer.deserialize(JmsSerializer.serialize(context), null);
        System.out.println("same as of stock: " + readOfStock.equals(read));

        for (int message = 0; message < WARM_UP; message++) {
            xml.text(context);
            JmsSerializer.serialize(context);
        }
        long began = System.nanoTime();
        for (int message = 0; message < MESSAGES; message++) {
            xml.text(context);
        }
        long ours = System.nanoTime() - began;
        began = System.nanoTime();
        for (int message = 0; message < MESSAGES; message++) {
            JmsSerializer.serialize(context);
        }
        long stock = System.nanoTime() - began;
        System.out.println("us a message: " + ours / MESSAGES / 1_000 + ", stock: " + stock / MESSAGES / 1_000);
    }
}
