package referencenode.database;

import static referencenode.database.FieldType.COMMENT;
import static referencenode.database.FieldType.DATE_TIME;
import static referencenode.database.FieldType.ID;
import static referencenode.database.FieldType.INDICATOR;
import static referencenode.database.FieldType.LONG_VARCHAR;
import static referencenode.database.FieldType.NAME;
import static referencenode.database.FieldType.NUMERIC;
import static referencenode.database.FieldType.VALUE;
import static referencenode.database.FieldType.VERY_LONG;

import java.util.List;
import java.util.Optional;

/**
 * The tables of the reference node: those of the ERP that an operator's SQL touches, with its
 * columns (framework/service/entitydef/entitymodel.xml:29-200, framework/security/entitydef/
 * entitymodel.xml:48, framework/entity/entitydef/entitymodel.xml), and one for visitors' rows.
 * Foreign keys are left out: the tables they point to are.
 */
public final class EntityModel {
    public static final Entity JOB_SANDBOX = Entity.of("JobSandbox")
            .key("jobId", ID)
            .field("jobName", NAME)
            .field("runTime", DATE_TIME)
            .field("priority", NUMERIC)
            .field("poolId", NAME)
            .field("statusId", ID)
            .field("parentJobId", ID)
            .field("previousJobId", ID)
            .field("serviceName", NAME)
            .field("loaderName", NAME)
            .field("maxRetry", NUMERIC)
            .field("currentRetryCount", NUMERIC)
            .field("authUserLoginId", ID)
            .field("runAsUser", ID)
            .field("runtimeDataId", ID)
            .field("recurrenceInfoId", ID)
            .field("tempExprId", ID)
            .field("currentRecurrenceCount", NUMERIC)
            .field("maxRecurrenceCount", NUMERIC)
            .field("runByInstanceId", ID)
            .field("startDateTime", DATE_TIME)
            .field("finishDateTime", DATE_TIME)
            .field("cancelDateTime", DATE_TIME)
            .field("jobResult", VALUE)
            .field("eventId", ID)
            .index("JOB_SNDBX_RUNSTAT", "runByInstanceId", "statusId")
            .stamped();

    public static final Entity JOB_MANAGER_LOCK = Entity.of("JobManagerLock")
            .key("instanceId", ID)
            .key("fromDate", DATE_TIME)
            .field("thruDate", DATE_TIME)
            .field("reasonEnumId", ID)
            .field("comments", COMMENT)
            .field("createdDate", DATE_TIME)
            .field("createdByUserLogin", ID)
            .field("lastModifiedDate", DATE_TIME)
            .field("lastModifiedByUserLogin", ID)
            .stamped();

    public static final Entity SERVICE_SEMAPHORE = Entity.of("ServiceSemaphore")
            .key("serviceName", NAME)
            .field("lockedByInstanceId", ID)
            .field("lockThread", NAME)
            .field("lockTime", DATE_TIME)
            .stamped();

    public static final Entity SEQUENCE_VALUE_ITEM = Entity.of("SequenceValueItem")
            .key("seqName", ID)
            .field("seqId", NUMERIC)
            .stamped();

    public static final Entity USER_LOGIN = Entity.of("UserLogin")
            .key("userLoginId", ID)
            .field("currentPassword", LONG_VARCHAR)
            .field("isSystem", INDICATOR)
            .field("enabled", INDICATOR)
            .field("requirePasswordChange", INDICATOR)
            .stamped();

    public static final Entity REFERENCE_ROW = Entity.of("ReferenceRow")
            .key("rowKey", ID)
            .field("rowValue", VERY_LONG)
            .stamped();

    public static final List<Entity> ALL = List.of(
            USER_LOGIN, SEQUENCE_VALUE_ITEM, SERVICE_SEMAPHORE, JOB_MANAGER_LOCK, JOB_SANDBOX, REFERENCE_ROW);

    private EntityModel() {
    }

    public static Optional<Entity> named(String name) {
        return ALL.stream().filter(entity -> entity.name.equals(name)).findFirst();
    }
}
