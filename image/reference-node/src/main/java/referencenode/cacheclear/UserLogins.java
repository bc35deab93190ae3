package referencenode.cacheclear;

import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import referencenode.database.EntityModel;
import referencenode.database.EntityValue;
import referencenode.database.Transaction;

/** The user in whose name caches are cleared. */
final class UserLogins {
    private UserLogins() {
    }

    static Optional<EntityValue> find(String userLoginId, Transaction transaction) throws SQLException {
        List<EntityValue> found = transaction.query(
                row -> new EntityValue(EntityModel.USER_LOGIN)
                        .put("userLoginId", userLoginId)
                        .put("isSystem", row.getString(1))
                        .put("enabled", row.getString(2)),
                "SELECT is_system, enabled FROM user_login WHERE user_login_id = ?", userLoginId);
        return found.stream().findFirst();
    }
}
