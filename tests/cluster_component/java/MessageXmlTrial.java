package clustercacheclear.erp;

import java.math.BigDecimal;
import java.sql.Timestamp;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.ofbiz.service.jms.JmsSerializer;
import org.xml.sax.SAXException;

/** Writes and reads messages with the component and with the ERP, and says what came of it and how long it took. */
final class MessageXmlTrial {
    private static final int WARM_UP = 300;
    private static final int MESSAGES = 1_000;
    private static final String WITH_AN_ENTITY = "<!DOCTYPE ofbiz-ser [<!ENTITY file SYSTEM \"file:///etc/hostname\">]>"
            + "<ofbiz-ser><std-String value=\"&file;\"/></ofbiz-ser>";

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
        String stock = JmsSerializer.serialize(context);
        Object stockOfStock = JmsSerializer.deserialize(stock, null);

        say("stock reads ours as its own", stockOfStock.equals(JmsSerializer.deserialize(xml.text(context), null)));
        say("we read stock's as stock does", stockOfStock.equals(xml.object(xml.document(stock), null)));
        say("we read our own as stock does", stockOfStock.equals(xml.object(xml.document(xml.text(context)), null)));
        say("a message with an entity is refused", isRefused(xml, WITH_AN_ENTITY));
        say("us to write", micros(() -> xml.text(context)) + ", stock: " + micros(() -> JmsSerializer.serialize(context)));
        say("us to read", micros(() -> xml.object(xml.document(stock), null)) + ", stock: "
                + micros(() -> JmsSerializer.deserialize(stock, null)));
    }

    private static void say(String what, Object found) {
        System.out.println(what + ": " + found);
    }

    private static boolean isRefused(MessageXml xml, String text) throws Exception {
        try {
            xml.object(xml.document(text), null);
            return false;
        } catch (SAXException e) {
            return true;
        }
    }

    private static long micros(Callable<Object> work) throws Exception {
        for (int message = 0; message < WARM_UP; message++) {
            work.call();
        }
        long began = System.nanoTime();
        for (int message = 0; message < MESSAGES; message++) {
            work.call();
        }
        return (System.nanoTime() - began) / MESSAGES / 1_000;
    }
}
