package referencenode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class CommandTest {
    @Test
    void noWordsMeanStart() throws Exception {
        assertEquals(Command.START, Command.parse(new String[0]).name);
        assertEquals(Command.START, Command.parse(new String[] {"start"}).name);
    }

    @Test
    void loadDataTakesItsArgumentsWithOrWithoutDash() throws Exception {
        Command command = Command.parse(new String[] {"load-data", "readers=seed,ext", "-delegator=seed"});
        assertEquals(List.of("seed", "ext"), command.readers());
        assertEquals("seed", command.delegator());
        assertEquals(List.of(), command.files());
    }

    @Test
    void aFileAloneLoadsNoReaders() throws Exception {
        Command command = Command.parse(new String[] {"load-data", "file=/a.xml,/b.xml"});
        assertEquals(List.of(), command.readers());
        assertEquals(List.of("/a.xml", "/b.xml"), command.files());
        assertEquals("default", command.delegator());
    }

    @Test
    void fanOutTakesWholeNumbers() throws Exception {
        Command command = Command.parse(new String[] {"fan-out", "subscribers=50", "writes=1000", "seconds=x"});
        assertEquals(50, command.number("subscribers"));
        assertEquals(1000, command.number("writes"));
        assertThrows(Command.UsageException.class, () -> command.number("seconds"));
    }

    @Test
    void otherWordsAreRefused() {
        assertThrows(Command.UsageException.class, () -> Command.parse(new String[] {"stop"}));
        assertThrows(Command.UsageException.class, () -> Command.parse(new String[] {"load-data", "reader=seed"}));
    }
}
