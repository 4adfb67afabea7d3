import Foundation
import TestSupport
import Testing

/// Every file of the reports is asked about in three ways: by the command, in the program and from Python.
@Suite struct MaskCasesTests {
    struct Question: Decodable, Sendable, CustomTestStringConvertible {
        /// Its number; a dash for what no report was about.
        let report: String
        let file: String
        let options: String
        /// Empty: nothing is wrong, or nothing differs.
        let answer: String
        /// Of the text that it stands beside in the program; nil for the usual number.
        let tokens: Int?
        /// What the program does with the file as its mask; nil where it cannot be asked there.
        let actions: String?
        let screen: String?
        /// Where the file lies; not in the list itself.
        var folder: String?
        var testDescription: String { "\(report): \(file) \(options)" }
    }

    /// `reports`, `kinds`: masks of the same kinds that PyTorch and transformers have made, and more `public` reports.
    private static func questions(_ folder: String) -> [Question] {
        let file = URL(fileURLWithPath: Fixture.path("masks/\(folder)/questions.json"))
        let questions = try? JSONDecoder().decode([Question].self, from: Data(contentsOf: file))
        return (questions ?? []).map { question in
            var question = question
            question.folder = folder
            return question
        }
    }
    static let questions = questions("reports") + questions("kinds") + questions("public")

    @Test func allQuestionsAreRead() { #expect(Self.questions.count > 180) }

    @Test(arguments: questions) func theCommandAnswers(question: Question) throws {
        let folder = Fixture.path("masks/\(question.folder ?? "")")
        let words = question.options.split(separator: " ").map(String.init).map { word in
            FileManager.default.fileExists(atPath: folder + "/" + word) ? "file:" + word : word
        }
        let run = try CommandRun(["mask", "file:" + question.file] + words, folder: folder)
        let said = run.output + run.errors
        let wanted = question.answer.isEmpty ? ["no faults", "the same", "0 differences"] : [question.answer]
        #expect(wanted.contains { said.contains($0) }, "\(said)")
        // What cannot be read is an error; with --check what was found is a fault.
        let isError = run.output.isEmpty && !question.answer.isEmpty
        let isFault = words.contains("--check") && !question.answer.isEmpty
        #expect(run.status == (isError ? 2 : isFault ? 1 : 0), "\(said)")
    }

    @Test(arguments: questions.filter { $0.actions != nil }) func theProgramAnswers(question: Question) throws {
        let actions = try #require(question.actions)
        let script =
            actions.hasPrefix("method")
            ? "preset mask; panel.zoom; \(actions)"
            : actions.hasPrefix("rule")
                ? "preset mask; \(actions); wait; panel.zoom"
                : "preset mask; method file:\(question.file); wait; \(actions); panel.zoom"
        let usual = question.folder == "kinds" ? 40 : question.file.hasPrefix("r14") ? 32 : 64
        let run = try CommandRun(
            ["render", "--size", "200x60", "--tokens", "\(question.tokens ?? usual)", "--do", script],
            folder: Fixture.path("masks/\(question.folder ?? "")"))
        let screen = (run.output + run.errors).replacing("│", with: " ").split(whereSeparator: \.isWhitespace)
            .joined(separator: " ")
        #expect(screen.contains(try #require(question.screen)), "\(run.output)\(run.errors)")
    }

    /// The same arrays from Python, as NumPy has them and where there is PyTorch as tensors.
    @Test(.enabled(if: Python.hasNumPy)) func pythonAnswers() throws {
        let script = Fixture.path("make/mask_cases.py")
        let (status, output) = try Python.run(
            """
            import runpy, sys
            sys.argv = ["mask_cases.py", "--python-only", "--program", "\(CommandRun.program)"]
            runpy.run_path("\(script)", run_name="__main__")
            """)
        #expect(status == 0, "\(output)")
    }
}
