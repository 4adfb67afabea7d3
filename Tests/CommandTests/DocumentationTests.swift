import Foundation
import TestSupport
import Testing

/// The pages for contributors name types, files and loops that exist.
@Suite struct DocumentationTests {
    /// Names of the language, examples of how something would be called, and what only a build makes.
    private static let others: Set<String> = [
        "Sendable", "String", "Utils", "Common", "Manager", "Type+Aspect.swift", "Name+Drawing.swift",
        "NameCommand.swift", ".build/testing", "NameView+Drawing.swift", "Sources/Views/Name/NameView.swift",
        "Sources/App/Name/NamePanel.swift", "Sources/App/Name/NameQuestion.swift",
        "Sources/App/Name/NameAction.swift", "Tests/ViewsTests/Name/", "Tests/AppTests/Name/",
    ]

    @Test(arguments: ["ARCHITECTURE", "TESTING", "CONTRIBUTING"]) func namesInBackticksExist(page: String) throws {
        let names = try ProjectNames()
        let text = try String(contentsOf: Fixture.project.appendingPathComponent("docs/\(page).md"), encoding: .utf8)
        let unknown = Self.quoted(text).filter { !Self.others.contains($0) && !names.know($0) }
        #expect(unknown.isEmpty, "docs/\(page).md names \(unknown.joined(separator: ", "))")
    }

    /// The drawing has a folder a line, or several on one, each two blanks deeper than the one that holds it.
    @Test func drawnFoldersExist() throws {
        let page = Fixture.project.appendingPathComponent("docs/ARCHITECTURE.md")
        let text = try String(contentsOf: page, encoding: .utf8)
        let drawing = text.split(separator: "\n").drop { $0 != "## Folders" }.dropFirst().prefix { !$0.hasPrefix("#") }
        var above: [String] = []
        var count = 0
        for line in drawing where line.hasPrefix("    ") {
            let folders = line.split(separator: " ").prefix { $0.hasSuffix("/") }.map(String.init)
            above = Array(above.prefix((line.prefix { $0 == " " }.count - 4) / 2))
            for folder in folders {
                let path = Fixture.project.path + "/Sources/" + (above + [folder]).joined()
                #expect(FileManager.default.fileExists(atPath: path), "\(path)")
                count += 1
            }
            above += folders.prefix(1)
        }
        #expect(count > 50)
    }

    @Test func whatDoesNotExistIsFound() throws {
        let names = try ProjectNames()
        for name in ["AppState.cursed", "Sources/Nowhere", "Nowhere.swift", "ck_nothing", "AttentionNowhere"] {
            #expect(!names.know(name), "\(name)")
        }
        for name in ["AppState", "Sources/Methods", "KeyMap.swift", "loops.h", "ck_scores", "--tokens", "Kernels"] {
            #expect(names.know(name), "\(name)")
        }
    }

    /// A `precondition` ends the program: beside each stands why no user gets there, in a comment just before it or before
    /// another one.
    @Test func everyPreconditionSaysWhyNobodyGetsThere() throws {
        let sources = Fixture.project.appendingPathComponent("Sources")
        let files = try #require(FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil))
        var count = 0
        for case let file as URL in files where file.pathExtension == "swift" {
            let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map {
                $0.drop { $0 == " " }
            }
            for (index, line) in lines.enumerated() where line.contains("precondition") && !line.hasPrefix("//") {
                let before = index > 0 ? lines[index - 1] : ""
                let isExplained = before.hasPrefix("// ") || before.hasPrefix("precondition(")
                #expect(isExplained, "\(file.lastPathComponent): \(line)")
                count += 1
            }
            #expect(!lines.contains { $0.contains("fatalError(") || $0.contains("try!") || $0.contains(" as! ") })
        }
        #expect(count > 40)
    }

    /// What stands in backticks, without the lines that show commands.
    private static func quoted(_ text: String) -> [String] {
        text.split(separator: "\n").filter { !$0.hasPrefix("    ") }.flatMap { line in
            let parts = line.split(separator: "`", omittingEmptySubsequences: false)
            return parts.indices.filter { $0 % 2 == 1 }.map { String(parts[$0]) }
        }
    }
}

/// What the project's sources declare, and its files.
private struct ProjectNames {
    private static let keywords: Set<Substring> = [
        "struct", "class", "enum", "protocol", "actor", "typealias", "associatedtype", "func", "var", "let", "case",
    ]
    /// Types, functions, properties and cases of Swift; every word of C and of the package description.
    private var declared: Set<Substring> = []
    /// Files and folders, from the top of the project.
    private var paths: Set<String> = []
    private var names: Set<String> = []

    init() throws {
        for top in ["Sources", "Tests", "docs", "samples", ".ci", "Package.swift"] {
            let place = Fixture.project.appendingPathComponent(top)
            let inside = FileManager.default.enumerator(atPath: place.path)?.compactMap { $0 as? String } ?? []
            for path in [top] + inside.map({ top + "/" + $0 }) {
                paths.insert(path)
                names.formUnion(Self.names(of: (path as NSString).lastPathComponent))
                try read(path)
            }
        }
    }

    /// Of a module's folder also what the package calls it: RopewalkLens for Lens, CRopewalkKernels for CKernels.
    private static func names(of component: String) -> [String] {
        [component, "Ropewalk" + component, component.hasPrefix("C") ? "CRopewalk" + component.dropFirst() : component]
    }

    private mutating func read(_ path: String) throws {
        let isAllWords = path.hasSuffix(".h") || path.hasSuffix(".c") || path == "Package.swift"
        guard isAllWords || path.hasSuffix(".swift") else { return }
        let text = try String(contentsOf: Fixture.project.appendingPathComponent(path), encoding: .utf8)
        let words = text.utf8.split { !Self.isWordByte($0) }.map { Substring($0) }
        if isAllWords { return declared.formUnion(words) }
        for (keyword, name) in zip(words, words.dropFirst()) where Self.keywords.contains(keyword) {
            declared.insert(name)
        }
    }

    private static func isWordByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), 0x80...: true
        default: false
        }
    }

    /// Whether what looks like a file, a type or a loop is one; what looks like none of them is no name.
    func know(_ name: String) -> Bool {
        let path = name.hasSuffix("/") ? String(name.dropLast()) : name
        if paths.contains(path) || paths.contains("Sources/" + path) || names.contains(path) { return true }
        let words = name.prefix { $0 != "(" }.split(separator: ".", omittingEmptySubsequences: false)
        let isIdentifier = words.allSatisfy { word in
            !word.isEmpty && word.utf8.allSatisfy(Self.isWordByte)
        }
        let isFile = ["swift", "h", "c", "py", "json", "md", "txt"].contains(words.last ?? "")
        if isFile || (name.contains("/") && !name.contains(" ")) { return false }
        guard isIdentifier, let first = name.first, name.contains(where: \.isLowercase) else { return true }
        guard first.isUppercase || name.contains("_") else { return true }
        return words.allSatisfy { declared.contains($0) || names.contains(String($0)) }
    }
}
