// What the benchmark does inside a node of the ERP: it comes as the program of the administration's page
// "Program export", which runs Groovy, and answers in a header. Its rows are of SystemProperty, an
// entity that every tree has, under a resource that nothing reads.

import groovy.json.JsonOutput
import groovy.transform.CompileStatic
import java.lang.management.ManagementFactory
import java.util.concurrent.Callable
import java.util.concurrent.FutureTask
import java.util.concurrent.ThreadLocalRandom
import java.util.concurrent.locks.LockSupport
import javax.management.ObjectName
import org.ofbiz.base.util.Debug
import org.ofbiz.base.util.UtilProperties
import org.ofbiz.entity.Delegator
import org.ofbiz.entity.GenericValue
import org.ofbiz.entity.transaction.TransactionUtil
import org.ofbiz.entity.util.EntityQuery

@CompileStatic
class CacheClearBench {
    static final String RESOURCE = "cacheClearBench"
    static final int TRANSACTION_S = 60

    final Delegator delegator
    final Map<String, Object> parameters

    CacheClearBench(Delegator delegator, Map<String, Object> parameters) {
        this.delegator = delegator
        this.parameters = parameters
    }

    Object run(String task) {
        switch (task) {
            case "who": return who()
            case "seed": return seed(text("row"), number("rows"))
            case "forget": return forget()
            case "pairs": return pairs(number("pairs"), number("rows"), number("withinMs"))
            case "writes": return writes(text("row"), number("first"), number("count"), number("pauseMs"))
            case "watch": return watch(text("row"), number("first"), number("count"), number("withinMs"))
            case "churn": return churn(text("row"), number("rows"), text("until"))
            case "stop": return System.setProperty(RESOURCE, text("until"))
            case "stale": return stale(text("row"), number("rows"))
            case "state": return state()
            default: throw new IllegalArgumentException("task: got " + task)
        }
    }

    String who() {
        return UtilProperties.getPropertyValue("general", "unique.instanceId")
    }

    /** Rows `row`-0 and on, with the value -1. */
    int seed(String row, int rows) {
        for (int number = 0; number < rows; number++) {
            delegator.createOrStore(of(row + "-" + number, "-1"))
        }
        return rows
    }

    /** The rows, and the permission to run this program. */
    int forget() {
        return delegator.removeByAnd("SystemProperty", [systemResourceId: RESOURCE as Object]) +
                delegator.removeByAnd("SystemProperty",
                        [systemResourceId: "webtools" as Object, systemPropertyId: "dev.script.tools.enabled" as Object])
    }

    /** Milliseconds of the same transaction, `[tells nobody, tells the peers]` each; fewer pairs when they are slow. */
    List<List<Double>> pairs(int pairs, int rows, int withinMs) {
        List<List<Double>> taken = []
        long until = System.nanoTime() + withinMs * 1_000_000L
        // The program was compiled a moment ago.
        transactionMs(rows, false)
        while (taken.size() < pairs && System.nanoTime() < until) {
            // Neither always comes second, when the machine still works off the first.
            boolean toldFirst = taken.size() % 2 == 0
            double first = transactionMs(rows, toldFirst)
            double second = transactionMs(rows, !toldFirst)
            taken.add(toldFirst ? [second, first] : [first, second])
        }
        return taken
    }

    double transactionMs(int rows, boolean told) {
        settle()
        def clear = delegator.getDistributedCacheClear()
        if (!told) {
            delegator.setDistributedCacheClear(null)
        }
        try {
            String value = String.valueOf(System.nanoTime())
            long began = System.nanoTime()
            boolean mine = TransactionUtil.begin(TRANSACTION_S)
            for (int number = 0; number < rows; number++) {
                of("many-" + number, value).store()
            }
            TransactionUtil.commit(mine)
            return millis(System.nanoTime() - began)
        } finally {
            delegator.setDistributedCacheClear(clear)
        }
    }

    /** Nothing waits to be sent, and the peers had time to hear it. */
    void settle() {
        while (queueDepth() > 0) {
            Thread.sleep(5)
        }
        Thread.sleep(Long.parseLong(text("settleMs")))
    }

    /** Of the resilient sender; the stock one has no queue. */
    static int queueDepth() {
        return sum("QueueDepth")
    }

    static int sum(String attribute) {
        def server = ManagementFactory.getPlatformMBeanServer()
        int sum = 0
        for (ObjectName name : server.queryNames(new ObjectName("clustercacheclear:type=CacheClear,*"), null)) {
            sum += ((Number) server.getAttribute(name, attribute)).intValue()
        }
        return sum
    }

    /**
     * One row written `count` times, each in a transaction of its own: `ms` of each one, how many
     * `failed` and with what `error`, and `at`, when each was committed, by the machine's clock in microseconds.
     */
    Map<String, Object> writes(String row, int first, int count, int pauseMs) {
        List<Double> ms = []
        List<Long> at = []
        int failed = 0
        String error = null
        for (int number = first; number < first + count; number++) {
            long began = System.nanoTime()
            String failure = write(row, String.valueOf(number))
            long ended = System.nanoTime()
            ms.add(millis(ended - began))
            at.add(micros(ended))
            if (failure != null) {
                failed++
                error = failure
            }
            pause(pauseMs)
        }
        return [ms: ms, at: at, failed: failed, error: error] as Map<String, Object>
    }

    /** When each value from `first` on was first read from the cache, as `at` of `writes`; null: never. */
    List<Long> watch(String row, int first, int count, int withinMs) {
        Long[] seen = new Long[count]
        long until = System.nanoTime() + withinMs * 1_000_000L
        while (System.nanoTime() < until && seen[count - 1] == null) {
            int number = Integer.parseInt(cached(row)) - first
            if (number >= 0 && seen[number] == null) {
                seen[number] = micros(System.nanoTime())
            }
            LockSupport.parkNanos(200_000)
        }
        return Arrays.asList(seen)
    }

    /** Writes and reads at random until told to stop; what was read stays cached until a message clears it. */
    Map<String, Object> churn(String row, int rows, String until) {
        def random = ThreadLocalRandom.current()
        int written = 0
        int failed = 0
        while (System.getProperty(RESOURCE) != until) {
            if (write(row + "-" + random.nextInt(rows), who() + written) == null) {
                written++
            } else {
                failed++
            }
            for (int reads = 0; reads < 5; reads++) {
                cached(row + "-" + random.nextInt(rows))
            }
            Thread.sleep(5)
        }
        return [written: written, failed: failed] as Map<String, Object>
    }

    /** How many rows this node has other than the database has them. */
    int stale(String row, int rows) {
        int stale = 0
        for (int number = 0; number < rows; number++) {
            String id = row + "-" + number
            if (cached(id) != query(id).cache(false).queryOne().getString("systemPropertyValue")) {
                stale++
            }
        }
        return stale
    }

    /** `threads` of the JMS client (the ERP's own come and go with its work), and `failures` to publish. */
    static Map<String, Object> state() {
        int threads = 0
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().contains("ActiveMQ")) {
                threads++
            }
        }
        return [threads: threads, failures: sum("Failures")] as Map<String, Object>
    }

    /** Null, or why nothing was written. */
    String write(String id, String value) {
        boolean mine = TransactionUtil.begin(TRANSACTION_S)
        try {
            of(id, value).store()
            TransactionUtil.commit(mine)
            return null
        } catch (Exception e) {
            TransactionUtil.rollback(mine, "the benchmark's write failed", e)
            return String.valueOf(e.getMessage())
        }
    }

    GenericValue of(String id, String value) {
        return delegator.makeValue("SystemProperty",
                [systemResourceId: RESOURCE as Object, systemPropertyId: id as Object, systemPropertyValue: value as Object])
    }

    String cached(String id) {
        return query(id).cache().queryOne().getString("systemPropertyValue")
    }

    EntityQuery query(String id) {
        return EntityQuery.use(delegator).from("SystemProperty")
                .where([systemResourceId: RESOURCE as Object, systemPropertyId: id as Object])
    }

    void pause(int forMs) {
        if (forMs > 0) {
            Thread.sleep(forMs + ThreadLocalRandom.current().nextInt(forMs))
        }
    }

    String text(String name) {
        def value = parameters.get(name)
        if (value == null) {
            throw new IllegalArgumentException(name + ": is missing")
        }
        return value.toString()
    }

    int number(String name) {
        return Integer.parseInt(text(name))
    }

    static double millis(long nanos) {
        return Math.round(nanos / 1000d) / 1000d
    }

    /** The same clock for every process of one machine (CLOCK_MONOTONIC). */
    static long micros(long nanos) {
        return nanos.intdiv(1000) as long
    }
}

// In a thread of its own: the page has a transaction of its own, which the writes must not join.
def bench = new CacheClearBench(delegator, parameters)
def task = parameters.task
def done = new FutureTask<Object>({ bench.run(task) } as Callable<Object>)
new Thread(done, "cache-clear-bench").start()
Object answer
try {
    answer = [result: done.get()]
} catch (java.util.concurrent.ExecutionException e) {
    Debug.logError(e.getCause(), "The benchmark's task " + task + " failed", "CacheClearBench")
    answer = [error: e.getCause().toString()]
}
context.response.setHeader("Cache-Clear-Bench", JsonOutput.toJson(answer))
