import RopewalkExport
import RopewalkMethods

/// How findings are written for machines that run tests.
enum MaskReportFormat: String, CaseIterable {
    /// A file of test results, as most of them read it.
    case junit
    /// Lines that GitHub shows beside a change.
    case github
    case sarif
}

/// What `--format` names: a form of the mask or of a report.
enum MaskFormatName: Equatable {
    case mask(MaskFormat)
    case report(MaskReportFormat)

    init(named name: String) throws {
        if let report = MaskReportFormat(rawValue: name) {
            self = .report(report)
        } else {
            self = .mask(try MaskFormat(named: name))
        }
    }

    var mask: MaskFormat? { if case .mask(let format) = self { format } else { nil } }
    var report: MaskReportFormat? { if case .report(let format) = self { format } else { nil } }
    var name: String { mask?.rawValue ?? report?.rawValue ?? "" }
}

/// The result of one check, for such reports.
struct MaskResult {
    let name: String
    let faults: [MaskReport.Fault]
    /// Why it could not be asked; nil where it could.
    let error: String?
}

extension MaskReportFormat {
    func text(_ results: [MaskResult]) throws -> String {
        switch self {
        case .junit: Self.junit(results)
        case .github: Self.github(results)
        case .sarif: try Self.sarif(results)
        }
    }

    private static func junit(_ results: [MaskResult]) -> String {
        let failures = results.count { !$0.faults.isEmpty }
        let errors = results.count { $0.error != nil }
        var lines = [
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>",
            "<testsuite name=\"ropewalk mask\" tests=\"\(results.count)\" failures=\"\(failures)\" errors=\"\(errors)\">",
        ]
        for result in results {
            lines.append("  <testcase classname=\"ropewalk mask\" name=\"\(xml(result.name))\">")
            for fault in result.faults {
                lines.append("    <failure type=\"\(fault.kind)\" message=\"\(xml(fault.message))\"/>")
            }
            if let error = result.error { lines.append("    <error message=\"\(xml(error))\"/>") }
            lines.append("  </testcase>")
        }
        return (lines + ["</testsuite>"]).map { $0 + "\n" }.joined()
    }

    private static func xml(_ text: String) -> String {
        text.unicodeScalars.map { scalar in
            switch scalar {
            case "&": "&amp;"
            case "<": "&lt;"
            case ">": "&gt;"
            case "\"": "&quot;"
            case "\u{0}"..."\u{1F}": " "
            default: String(scalar)
            }
        }.joined()
    }

    private static func github(_ results: [MaskResult]) -> String {
        results.flatMap { result in
            let lines = result.faults.map {
                "::error title=\(property(result.name))%3A \($0.kind)::\(data($0.message))\n"
            }
            return lines + (result.error.map { ["::error title=\(property(result.name))::\(data($0))\n"] } ?? [])
        }.joined()
    }

    private static func data(_ text: String) -> String {
        text.replacing("%", with: "%25").replacing("\r", with: "%0D").replacing("\n", with: "%0A")
    }

    private static func property(_ text: String) -> String {
        data(text).replacing(":", with: "%3A").replacing(",", with: "%2C")
    }

    private struct Sarif: Encodable {
        struct Text: Encodable { let text: String }
        struct Result: Encodable {
            let ruleId: String
            let level = "error"
            let message: Text
        }
        struct Driver: Encodable { let name = "ropewalk mask" }
        struct Tool: Encodable { let driver = Driver() }
        struct Run: Encodable {
            let tool = Tool()
            let results: [Result]
        }
        let version = "2.1.0"
        let runs: [Run]
    }

    private static func sarif(_ results: [MaskResult]) throws -> String {
        let found = results.flatMap { result in
            result.faults.map {
                Sarif.Result(ruleId: $0.kind, message: Sarif.Text(text: "\(result.name): \($0.message)"))
            }
                + (result.error.map {
                    [Sarif.Result(ruleId: "error", message: Sarif.Text(text: "\(result.name): \($0)"))]
                } ?? [])
        }
        return try JSONText.encodeAsWritten(Sarif(runs: [Sarif.Run(results: found)]))
    }
}
