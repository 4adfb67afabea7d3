import CRopewalkTerminal

/// What a process says that gets no memory: one line, with what it was doing.
package enum MemoryReport {
    /// From here on such a process ends like that; Swift's own report is one for programmers.
    package static func install() { memory_report_install() }

    /// Notes what the process is doing, as it stands behind "while".
    package static func note(_ work: String) { memory_report_work(work) }
}
