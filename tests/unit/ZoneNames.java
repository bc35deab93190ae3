import java.time.ZoneId;
import java.util.TimeZone;
import java.util.TreeSet;

/** Prints the names of time zones under which this JVM runs in that zone, and not in GMT. */
final class ZoneNames {
    public static void main(String[] none) {
        for (String name : new TreeSet<>(ZoneId.getAvailableZoneIds())) {
            if (!name.startsWith("SystemV/") && TimeZone.getTimeZone(name).getID().equals(name)) {
                System.out.println(name);
            }
        }
    }
}
