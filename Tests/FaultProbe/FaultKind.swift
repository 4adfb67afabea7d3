import CRopewalkFaults
import Glibc

/// Calls of the system that are made to fail, and how.
enum FaultKind: String, CaseIterable {
    case open, read, write, close, map, rename, thread, memory

    var number: Int32 {
        switch self {
        case .open: Int32(FAULT_OPEN.rawValue)
        case .read: Int32(FAULT_READ.rawValue)
        case .write: Int32(FAULT_WRITE.rawValue)
        case .close: Int32(FAULT_CLOSE.rawValue)
        case .map: Int32(FAULT_MAP.rawValue)
        case .rename: Int32(FAULT_RENAME.rawValue)
        case .thread: Int32(FAULT_THREAD.rawValue)
        case .memory: Int32(FAULT_MEMORY.rawValue)
        }
    }

    /// What the system says then.
    var error: Int32 {
        switch self {
        case .open: EMFILE
        case .read: EIO
        case .write, .close: ENOSPC
        case .map, .memory: ENOMEM
        case .rename: EACCES
        case .thread: EAGAIN
        }
    }
}
