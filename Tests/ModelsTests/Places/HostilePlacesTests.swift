import Foundation
import RopewalkFormats
import TestSupport
import Testing

@testable import RopewalkModels

/// Places that someone filled to do harm, or whose downloads have not ended: a line each, never more.
@Suite struct HostilePlacesTests {
    @Test(arguments: [
        "../../../etc", "a/../b", "/etc/passwd", "..", ".", "", "a//b", "ollama:../x", "ollama:a:../../x", "ollama::",
        "ollama:a/b/c/d", "hf:..", "lmstudio:../../etc/passwd", "llama.cpp:..", "x\u{0}y", "org/tiny@", "@", "hf:@a",
    ])
    func namesLeadNowhereElse(name: String) throws {
        let sample = try PlacesSample()
        try sample.write("secret.gguf", "GGUF")
        do throws(ModelError) {
            let path = try sample.places.path(of: name)
            // A path as it was given: it exists, or it can be nothing else.
            #expect(path == name)
        } catch {
            #expect(!error.description.contains("\n"))
        }
    }

    @Test(arguments: ["../../../../../etc/passwd", "/etc/passwd", "sha256:../../x", "sha256:abc", "", "sha512:00"])
    func manifestsLeadNowhereElse(digest: String) throws {
        let sample = try PlacesSample()
        try sample.manifest("registry.ollama.ai/library/bad/latest", PlacesSample.layer(digest: digest))
        #expect(sample.error("ollama:bad").contains("names weights without a digest"))
        #expect(ModelSummary(try #require(sample.places.models().first)).runs == false)
    }

    @Test func whatManifestsCannotGiveIsNamed() throws {
        let sample = try PlacesSample()
        let base = "registry.ollama.ai/library/"
        for (name, layers, expected) in [
            ("gone", PlacesSample.layer(), "are not there; fetch the model again"),
            (
                "adapted", PlacesSample.layer() + "," + PlacesSample.layer("adapter"),
                "names an adapter beside the model"
            ),
            ("apart", PlacesSample.layer("tensor"), "keeps each tensor in a file of its own"),
            ("cloud", "", "names 0 files of weights"),
            ("twice", PlacesSample.layer() + "," + PlacesSample.layer(), "names 2 files of weights"),
        ] {
            try sample.manifest(base + name + "/latest", layers)
            #expect(sample.error("ollama:" + name).contains(expected), "\(sample.error("ollama:" + name))")
        }
        try sample.write(".ollama/models/manifests/" + base + "huge/latest", String(repeating: "[", count: 2 << 20))
        #expect(sample.error("ollama:huge").contains("are more than the 1048576"))
        try sample.write(".ollama/models/manifests/" + base + "deep/latest", String(repeating: "[", count: 90_000))
        #expect(sample.error("ollama:deep").contains("nested deeper"))
        let summaries = sample.places.models().map { ModelSummary($0) }
        #expect(summaries.count == 7 && summaries.allSatisfy { !$0.runs && $0.problem != nil })
    }

    @Test func branchesLeadNowhereElse() throws {
        let sample = try PlacesSample()
        let entry = PlacesSample.hub + "models--org--bad"
        for commit in ["../../../x", "/etc", "", "a/b", String(repeating: "x", count: 5000)] {
            try sample.write(entry + "/refs/main", commit)
            let error = sample.error("org/bad")
            #expect(error.contains("holds no commit") || error.contains("are more than"), "\(error)")
        }
        try sample.write(entry + "/refs/main", "0123")
        #expect(sample.error("org/bad").contains("has no snapshot: the download has not ended"))
        // A download that has not ended: the folder is there, its files are not.
        try sample.link(entry + "/snapshots/0123/config.json", to: "../../blobs/none")
        let model = try #require(sample.places.models().first)
        #expect(ModelSummary(model).problem?.contains("config.json") == true)
    }

    @Test func circlesOfLinksAndDeepFoldersEnd() throws {
        let sample = try PlacesSample()
        try sample.link(".lmstudio/models/a/up", to: "..")
        try sample.link(".lmstudio/models/a/b/model.gguf", to: PlacesSample.gguf)
        try sample.link(".lmstudio/models/loop", to: "loop")
        try sample.write(".lmstudio/models/1/2/3/4/5/6/deep.gguf", "")
        try sample.link(".ollama/models/manifests/a", to: ".")
        try sample.link(".cache/huggingface/hub/models--x", to: "models--x")
        try sample.link(PlacesSample.hub + "models--y/snapshots", to: "..")
        let names = sample.places.models().map(\.name)
        #expect(names.filter { $0.contains("lmstudio") } == ["lmstudio:a/b/model"])
        #expect(names.contains("x") && names.contains("y"))
        for model in sample.places.models() { _ = ModelSummary(model) }
    }

    @Test func thousandsOfEntriesAreBounded() throws {
        let sample = try PlacesSample()
        for index in 0..<PlacedModel.limit + 20 {
            try sample.write(".cache/llama.cpp/\(index).gguf", "")
        }
        #expect(sample.places.models().count == PlacedModel.limit)
    }

    /// Manifests that were damaged at random.
    @Test func damagedManifestsAreSurvived() throws {
        let sample = try PlacesSample()
        try sample.fill()
        let path = "registry.ollama.ai/library/small/latest"
        let whole = Array("{\"layers\":[\(PlacesSample.layer())]}".utf8)
        var state: UInt64 = 5
        func random() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state >> 33
        }
        var found = 0
        for _ in 0..<400 {
            var bytes = whole
            let first = Int(random() % UInt64(bytes.count))
            for place in first..<min(bytes.count, first + 3) {
                bytes[place] = UInt8(truncatingIfNeeded: random())
            }
            try Data(bytes).write(to: URL(fileURLWithPath: sample.home + "/.ollama/models/manifests/" + path))
            if let placed = try? sample.places.path(of: "ollama:small") {
                #expect(placed.hasSuffix("/blobs/sha256-" + PlacesSample.digest))
                found += 1
            }
        }
        #expect(found < 400)
    }
}
