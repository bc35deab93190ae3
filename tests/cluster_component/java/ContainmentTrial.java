package clustercacheclear.erp;

import java.util.Map;
import org.ofbiz.entity.GenericPK;
import org.ofbiz.entity.GenericValue;

/**
 * Runs the adapter on an ERP that fails wherever it is called: the signatures that it is compiled against, whose
 * every body throws. Prints what reached the caller, which is a write of the ERP and its transaction.
 */
final class ContainmentTrial {
    private ContainmentTrial() {
    }

    public static void main(String[] arguments) {
        ResilientCacheClear[] made = new ResilientCacheClear[1];
        say("the constructor", () -> made[0] = new ResilientCacheClear(null, "system"));
        say("a row", () -> made[0].distributedClearCacheLine(new GenericValue()));
        say("a row without itself", () -> made[0].distributedClearCacheLine((GenericValue) null));
        say("a key", () -> made[0].distributedClearCacheLine(new GenericPK()));
        say("an incomplete key", () -> made[0].distributedClearCacheLineFlexible(new GenericPK()));
        say("a condition", () -> made[0].distributedClearCacheLineByCondition("Product", null));
        say("all rows", () -> made[0].clearAllCaches());
        say("all caches", () -> made[0].clearAllUtilCaches(null));
        say("a service", () -> made[0].runDistributedService("cmsDistributedClearMappingCaches", Map.of()));
        System.exit(0);
    }

    private static void say(String what, Runnable call) {
        try {
            call.run();
            System.out.println(what + ": nothing");
        } catch (Throwable e) {
            System.out.println(what + ": " + e);
        }
    }
}
