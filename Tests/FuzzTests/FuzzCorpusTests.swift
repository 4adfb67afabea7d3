import Foundation
import FuzzTargets
import TestSupport
import Testing

/// What coverage-guided fuzzing found worth keeping (`.ci/fuzz`), read once more: no trap, no hang.
@Suite struct FuzzCorpusTests {
    @Test(arguments: FuzzTarget.allCases) func everyKeptInputIsReadOrRefused(target: FuzzTarget) throws {
        let folder = try FuzzFolder(for: target, fixtures: Fixture.folder.path)
        let names = try FileManager.default.contentsOfDirectory(atPath: Fixture.path("fuzz/\(target.rawValue)"))
            .sorted()
        #expect(!names.isEmpty)
        for name in names {
            let bytes = try Fixture.data("fuzz/\(target.rawValue)/\(name)")
            bytes.withUnsafeBytes { target.read($0, in: folder) }
        }
    }
}
