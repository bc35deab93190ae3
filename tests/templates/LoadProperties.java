import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.InputStreamReader;
import java.util.Base64;
import java.util.Properties;
import java.util.TreeMap;

/** Reads documents, one a line in base64, and prints what java.util.Properties makes of each. */
public class LoadProperties {
    public static void main(String[] arguments) throws Exception {
        var lines = new BufferedReader(new InputStreamReader(System.in));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            System.out.println(loaded(Base64.getDecoder().decode(line)));
        }
    }

    private static String loaded(byte[] document) throws Exception {
        var properties = new Properties();
        try {
            properties.load(new ByteArrayInputStream(document));
        } catch (IllegalArgumentException refused) {
            return "refused";
        }
        var pairs = new StringBuilder();
        var sorted = new TreeMap<String, String>();
        properties.stringPropertyNames().forEach(k -> sorted.put(k, properties.getProperty(k)));
        for (var pair : sorted.entrySet()) {
            pairs.append(written(pair.getKey())).append(written(pair.getValue()));
        }
        return pairs.toString().trim();
    }

    private static String written(String text) throws Exception {
        return Base64.getEncoder().encodeToString(text.getBytes("UTF-16BE")) + ". ";
    }
}
