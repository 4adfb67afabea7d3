import Foundation

enum ProcessorCount {
    static let active = max(1, ProcessInfo.processInfo.activeProcessorCount)
}
