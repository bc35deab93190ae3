package referencenode.cacheclear;

import clustercacheclear.CacheClear;
import clustercacheclear.CacheClearMXBean;
import clustercacheclear.MessageTextException;
import clustercacheclear.Scope;
import clustercacheclear.TransactionClears;
import clustercacheclear.activemq.ConfirmedSending;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import referencenode.Log;
import referencenode.config.JmsServer;
import referencenode.database.Database;
import referencenode.database.EntityValue;
import referencenode.database.Transaction;

/**
 * The cluster component's sender, in the place of its adapter to the ERP: clears go out after the
 * commit, and no write waits for a broker.
 */
public final class ResilientCacheClearSender implements CacheClearSender, AutoCloseable {
    private static final Log LOG = new Log(ResilientCacheClearSender.class);

    private final Database database;
    private final String userLoginId;
    private final clustercacheclear.CacheClearSender sender;
    private final TransactionClears<Transaction> transactions;
    /** Read once, by the sending thread; the ERP takes it from its cache. */
    private EntityValue userLogin;

    public ResilientCacheClearSender(JmsServer server, String userLoginId, Database database) {
        this.database = database;
        this.userLoginId = userLoginId;
        this.sender = new clustercacheclear.CacheClearSender(
                new ConfirmedSending(new Topic(server)), this::everything, LOG);
        this.transactions = new TransactionClears<>(sender);
    }

    public void start() {
        sender.start();
    }

    public CacheClearMXBean figures() {
        return sender.figures();
    }

    @Override
    public void close() {
        sender.flush();
    }

    @Override
    public void clearLine(EntityValue value, Transaction transaction) {
        if (!transactions.isKnown(transaction)) {
            transaction.afterCommit(() -> transactions.committed(transaction));
            transaction.afterRollback(() -> transactions.rolledBack(transaction));
        }
        transactions.add(transaction, new CacheClear("clearCacheLineByValue", key(value), Scope.ENTITY_CACHES,
                () -> context(Map.of("value", value))));
    }

    private static List<String> key(EntityValue value) {
        StringBuilder key = new StringBuilder();
        value.entity.keyFields().forEach(field -> key.append(value.text(field)).append('\0'));
        return List.of(value.entity.name, key.toString());
    }

    private CacheClear everything(Scope scope) {
        String service = scope == Scope.ENTITY_CACHES ? "clearAllEntityCaches" : "clearAllUtilCaches";
        return new CacheClear(service, service, scope, () -> context(Map.of()));
    }

    private String context(Map<String, EntityValue> parameters) throws MessageTextException {
        Map<String, EntityValue> context = new HashMap<>(parameters);
        context.put("userLogin", userLogin());
        return ServiceContext.write(context);
    }

    private EntityValue userLogin() throws MessageTextException {
        if (userLogin == null) {
            try {
                Optional<EntityValue> found =
                        database.inTransaction(transaction -> UserLogins.find(userLoginId, transaction));
                userLogin = found.orElseThrow(() -> new MessageTextException("There is no UserLogin " + userLoginId));
            } catch (SQLException e) {
                throw new MessageTextException("UserLogin " + userLoginId + " cannot be read", e);
            }
        }
        return userLogin;
    }
}
