import Foundation

/// Compares a text with a golden file of the test's module.
package enum Golden {
    /// Nil where `text` equals the file `Golden/NAME.txt` (or of another ending) of the calling test's module; else a message with both.
    /// `RECORD_GOLDEN=1` rewrites the file and still reports it, so that no recording run passes.
    package static func difference(
        _ text: String, _ name: String, ending: String = "txt", file: String = #filePath
    ) -> String? {
        let url = module(of: file).appendingPathComponent("Golden/\(name).\(ending)")
        if ProcessInfo.processInfo.environment["RECORD_GOLDEN"] == "1" {
            try? FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            do { try text.write(to: url, atomically: true, encoding: .utf8) } catch { return "\(error)" }
            return "recorded \(url.path): look at it, then run again without RECORD_GOLDEN"
        }
        guard let expected = try? String(contentsOf: url, encoding: .utf8) else {
            return "no golden file \(url.path); RECORD_GOLDEN=1 makes it. Got:\n\(text)"
        }
        return expected == text ? nil : "expected (\(name)):\n\(expected)\ngot:\n\(text)"
    }

    /// The folder `Tests/<module>Tests` that `file` lies in, at any depth.
    private static func module(of file: String) -> URL {
        let tests = Fixture.folder.deletingLastPathComponent().pathComponents.count
        let components = URL(fileURLWithPath: file).pathComponents
        return URL(fileURLWithPath: "/" + components[1...tests].joined(separator: "/"))
    }
}
