// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [.swiftLanguageMode(.v6), .treatAllWarnings(as: .error)]

/// The names of modules as a client's package sees them: two packages must not have modules of the same name.
///
/// The folders have the short names; what other packages import lies in Sources/Engine.
func named(_ names: [String]) -> [Target.Dependency] { names.map { .target(name: full($0)) } }

func full(_ name: String) -> String {
    guard
        !["ropewalk", "terminal-probe", "TestSupport", "RopewalkExample", "FuzzTargets", "fault-probe"].contains(name)
    else { return name }
    if name == "Engine" { return "Ropewalk" }
    let isC = name.count > 1 && name.first == "C" && name.dropFirst().first?.isUppercase == true
    return isC ? "CRopewalk\(name.dropFirst())" : "Ropewalk\(name)"
}

/// A Swift module in `Sources/<name>`; its dependencies are the only modules it may import (docs/ARCHITECTURE.md).
func module(_ name: String, _ dependencies: [String] = []) -> Target {
    .target(
        name: full(name), dependencies: named(dependencies), path: "Sources/\(name)", swiftSettings: strict)
}

/// Hot loops and signal handlers, in C.
func code(_ name: String) -> Target { .target(name: full(name), path: "Sources/\(name)") }

/// A module map for a library of the system, with the Debian package that brings it.
func library(_ name: String, _ package: String) -> Target {
    .systemLibrary(name: full(name), path: "Sources/\(name)", providers: [.apt([package])])
}

/// The tests of a module; Fixtures are found beside the test files (`#filePath`), so none is copied into bundles.
///
/// `golden`: the tests have a folder Golden with expected texts.
/// `plain`: they compute next to nothing themselves, so that the compiler need not make them fast, which takes minutes of a build.
func tests(_ name: String, _ dependencies: [String], golden: Bool = false, plain: Bool = false) -> Target {
    .testTarget(
        name: full(name), dependencies: named(dependencies + ["TestSupport"]), path: "Tests/\(name)",
        exclude: golden ? ["Golden"] : [], swiftSettings: strict + (plain ? [.unsafeFlags(["-Onone"])] : []))
}

let package = Package(
    name: "ropewalk",
    products: [
        .library(name: "Ropewalk", targets: ["Ropewalk"]),
        .executable(name: "ropewalk", targets: ["ropewalk"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2")
    ],
    targets: [
        code("CKernels"),
        code("CTerminal"),
        code("CFiles"),
        code("CPictures"),
        code("CPeers"),
        // What is written in zh becomes part of the code.
        .target(name: full("CPhrases"), path: "Sources/CPhrases", exclude: ["zh"]),
        library("CNCurses", "libncurses-dev"),
        library("CUTF8Proc", "libutf8proc-dev"),
        library("CPCRE2", "libpcre2-dev"),
        library("CZLib", "zlib1g-dev"),
        library("CSQLite", "libsqlite3-dev"),

        module("Phrases", ["CPhrases"]),
        module("Kernels", ["Phrases", "CKernels"]),
        module("Peers", ["Phrases", "CPeers"]),
        module("Formats", ["Phrases", "CFiles"]),
        module("Tokenizers", ["Formats", "Phrases", "CPCRE2"]),
        module("Documents", ["Tokenizers", "Phrases"]),
        module("Scoring", ["Documents", "Tokenizers", "Formats", "Phrases", "CZLib"]),
        module("Retrieval", ["Documents", "Tokenizers", "Formats", "Phrases", "CSQLite"]),
        module("Methods", ["Phrases"]),
        module("Export", ["Methods", "Formats", "Phrases", "CZLib"]),
        module("Models", ["Methods", "Tokenizers", "Formats", "Phrases", "Kernels"]),
        module("Lens", ["Models", "Methods", "Phrases", "Kernels"]),
        module("Generation", ["Models", "Tokenizers", "Formats", "Phrases"]),
        module(
            "Evaluation",
            [
                "Lens", "Models", "Methods", "Generation", "Scoring", "Documents", "Tokenizers", "Formats", "Kernels",
                "Phrases",
            ]),
        module("Engine", ["Lens", "Models", "Methods", "Documents", "Tokenizers", "Formats", "Export", "Kernels"]),
        module("CellGrid", ["Phrases", "CUTF8Proc"]),
        module("Views", ["Evaluation", "Lens", "Methods", "Documents", "CellGrid", "Phrases"]),
        module("Pictures", ["Views", "CellGrid", "Export", "Phrases", "CPictures"]),
        module(
            "App",
            [
                "Views", "Evaluation", "Lens", "Generation", "Models", "Methods", "Retrieval", "Scoring", "Documents",
                "Tokenizers", "Formats", "CellGrid", "Phrases",
            ]),
        module("Terminal", ["CellGrid", "Phrases", "CNCurses", "CTerminal"]),
        .executableTarget(
            name: "ropewalk",
            dependencies: named([
                "App", "Terminal", "Pictures", "Export", "Views", "Evaluation", "Lens", "Generation", "Models",
                "Methods", "Documents", "Scoring", "Retrieval", "Tokenizers", "Formats", "Kernels", "Peers",
                "CellGrid", "Phrases",
            ]) + [.product(name: "ArgumentParser", package: "swift-argument-parser")],
            swiftSettings: strict),

        // What another package sees: the public declarations of the engine alone.
        .executableTarget(
            name: "RopewalkExample", dependencies: named(["Engine"]), path: "Sources/Example", packageAccess: false,
            swiftSettings: strict),
        .testTarget(
            name: "RopewalkEngineTests", dependencies: named(["Engine", "RopewalkExample"]),
            path: "Tests/EngineTests", packageAccess: false, swiftSettings: strict),

        .target(
            name: "TestSupport", dependencies: named(["Formats"]), path: "Tests/TestSupport", swiftSettings: strict),
        tests(
            "PhrasesTests", ["Phrases", "Lens", "Models", "Methods", "Export", "Documents", "Tokenizers", "Formats"]),
        tests("KernelsTests", ["Kernels", "Formats"]),
        tests("PeersTests", ["Peers"]),
        tests("FormatsTests", ["Formats", "CFiles"]),
        tests("TokenizersTests", ["Tokenizers", "Formats"]),
        tests("DocumentsTests", ["Documents", "Tokenizers"]),
        tests("RetrievalTests", ["Retrieval", "Documents", "Tokenizers", "Formats"]),
        tests("ScoringTests", ["Scoring", "Formats"]),
        tests("MethodsTests", ["Methods", "Formats"], golden: true),
        tests("ExportTests", ["Export", "Methods", "Formats", "CZLib"], golden: true),
        tests("ModelsTests", ["Models", "Methods", "Tokenizers", "Formats", "Kernels"]),
        tests(
            "EvaluationTests",
            ["Evaluation", "Lens", "Models", "Methods", "Scoring", "Documents", "Tokenizers", "Formats"]),
        tests("LensTests", ["Lens", "Models", "Methods", "Formats", "Kernels"]),
        tests("GenerationTests", ["Generation", "Models", "Methods", "Tokenizers", "Formats"]),
        tests("CellGridTests", ["CellGrid"], golden: true),
        tests(
            "ViewsTests",
            ["Views", "Evaluation", "Lens", "Methods", "Documents", "Tokenizers", "CellGrid", "Pictures"], golden: true),
        tests("PicturesTests", ["Pictures", "Views", "Lens", "CellGrid"]),
        tests(
            "AppTests",
            [
                "App", "Views", "Evaluation", "Lens", "Generation", "Models", "Methods", "Retrieval", "Scoring",
                "Documents",
                "Tokenizers", "Formats", "CellGrid", "Phrases",
            ],
            golden: true, plain: true),
        tests("TerminalTests", ["Terminal", "CellGrid", "CNCurses", "terminal-probe", "ropewalk"]),
        .executableTarget(
            name: "terminal-probe", dependencies: named(["Terminal", "CellGrid"]), path: "Tests/TerminalProbe",
            swiftSettings: strict),
        tests("CommandTests", ["Formats", "ropewalk", "terminal-probe"], plain: true),

        // Readers of what nobody vouches for: replayed by FuzzTests, and driven by libFuzzer in .ci/fuzz.
        .target(
            name: "FuzzTargets",
            dependencies: named([
                "App", "Terminal", "Export", "Models", "Methods", "Documents", "Tokenizers", "Formats", "CellGrid",
            ]), path: "Tests/FuzzTargets", swiftSettings: strict),
        .target(name: "CRopewalkFuzz", path: "Tests/CFuzz"),
        .executableTarget(
            name: "ropewalk-fuzz", dependencies: ["FuzzTargets", "CRopewalkFuzz"], path: "Tests/Fuzz",
            swiftSettings: strict),
        tests("FuzzTests", ["FuzzTargets"]),

        // Calls of the system that fail when a test says so: linked in place of the C library's.
        .target(name: "CRopewalkFaults", path: "Tests/CFaults"),
        .executableTarget(
            name: "fault-probe",
            dependencies: ["CRopewalkFaults"]
                + named([
                    "Terminal", "Lens", "Models", "Methods", "Export", "Documents", "Tokenizers", "Formats",
                ]), path: "Tests/FaultProbe", swiftSettings: strict),
        tests("FaultTests", ["fault-probe"]),
    ]
)

// A sanitizer and calls that fail when a test says so would both stand in place of the C library's (.ci/sanitize).
if Context.environment["ROPEWALK_SANITIZE"] != nil {
    package.targets.removeAll { ["CRopewalkFaults", "fault-probe", "RopewalkFaultTests"].contains($0.name) }
}
