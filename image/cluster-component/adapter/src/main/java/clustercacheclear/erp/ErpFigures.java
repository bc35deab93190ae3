package clustercacheclear.erp;

import clustercacheclear.FiguresReport;

/** The one report of this JVM: the ERP makes senders and listeners apart, in no order. */
final class ErpFigures {
    private static FiguresReport shared;

    private ErpFigures() {
    }

    /** Started at the first call. */
    static synchronized FiguresReport shared() {
        if (shared == null) {
            shared = new FiguresReport(System.getProperty(FiguresReport.FILE_PROPERTY), new ErpLog());
            shared.start();
        }
        return shared;
    }
}
