// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [.swiftLanguageMode(.v6), .treatAllWarnings(as: .error)]

/// A Swift module; its dependencies are the only modules it may import (docs/ARCHITECTURE.md).
func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

/// The tests of a module; Fixtures are found beside the test files (`#filePath`), so none is copied into bundles.
///
/// `golden`: the tests have a folder Golden with expected texts.
func tests(_ name: String, _ dependencies: [Target.Dependency], golden: Bool = false) -> Target {
    .testTarget(
        name: name, dependencies: dependencies + ["TestSupport"], exclude: golden ? ["Golden"] : [],
        swiftSettings: strict)
}

let package = Package(
    name: "ropewalk",
    products: [
        .library(
            name: "RopewalkEngine",
            targets: ["Kernels", "Formats", "Tokenizers", "Documents", "Methods", "Models", "Lens"]),
        .executable(name: "ropewalk", targets: ["ropewalk"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2")
    ],
    targets: [
        .target(name: "CKernels"),
        .target(name: "CTerminal"),
        .systemLibrary(name: "COpenBLAS", providers: [.apt(["libopenblas-dev"])]),
        .systemLibrary(name: "CNCurses", providers: [.apt(["libncurses-dev"])]),
        .systemLibrary(name: "CUTF8Proc", providers: [.apt(["libutf8proc-dev"])]),
        .systemLibrary(name: "CPCRE2", providers: [.apt(["libpcre2-dev"])]),
        .systemLibrary(name: "CZLib", providers: [.apt(["zlib1g-dev"])]),

        module("Kernels", ["CKernels", "COpenBLAS"]),
        module("Formats"),
        module("Tokenizers", ["Formats", "CPCRE2"]),
        module("Documents", ["Tokenizers"]),
        module("Methods"),
        module("Export", ["Methods", "Formats", "CZLib"]),
        module("Models", ["Methods", "Tokenizers", "Formats", "Kernels"]),
        module("Lens", ["Models", "Methods", "Kernels"]),
        module("CellGrid", ["CUTF8Proc"]),
        module("Views", ["Lens", "Methods", "Documents", "CellGrid"]),
        module("App", ["Views", "Lens", "Models", "Methods", "Documents", "CellGrid"]),
        module("Terminal", ["CellGrid", "CNCurses", "CTerminal"]),
        .executableTarget(
            name: "ropewalk",
            dependencies: [
                "App", "Terminal", "Export", "Views", "Lens", "Models", "Methods", "Documents",
                "Tokenizers", "Formats", "Kernels", "CellGrid",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict),

        .target(
            name: "TestSupport", dependencies: ["Formats"], path: "Tests/TestSupport", swiftSettings: strict),
        tests("KernelsTests", ["Kernels", "Formats"]),
        tests("FormatsTests", ["Formats"]),
        tests("TokenizersTests", ["Tokenizers", "Formats"]),
        tests("DocumentsTests", ["Documents", "Tokenizers"]),
        tests("MethodsTests", ["Methods"], golden: true),
        tests("ExportTests", ["Export", "Methods", "Formats", "CZLib"], golden: true),
        tests("ModelsTests", ["Models", "Methods", "Tokenizers", "Formats", "Kernels"]),
        tests("LensTests", ["Lens", "Models", "Methods", "Formats", "Kernels"]),
        tests("CellGridTests", ["CellGrid"], golden: true),
        tests("ViewsTests", ["Views", "Lens", "Methods", "Documents", "Tokenizers", "CellGrid"], golden: true),
        tests(
            "AppTests", ["App", "Views", "Lens", "Models", "Methods", "Documents", "Tokenizers", "CellGrid"],
            golden: true),
        tests("TerminalTests", ["Terminal", "CellGrid", "CNCurses", "terminal-probe", "ropewalk"]),
        .executableTarget(
            name: "terminal-probe", dependencies: ["Terminal", "CellGrid"], path: "Tests/TerminalProbe",
            swiftSettings: strict),
        tests("CommandTests", ["Formats", "ropewalk"]),
    ]
)
