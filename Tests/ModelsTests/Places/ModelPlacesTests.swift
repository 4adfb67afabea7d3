import Foundation
import RopewalkFormats
import TestSupport
import Testing

@testable import RopewalkModels

/// Names of models in the places where programs keep them.
@Suite struct ModelPlacesTests {
    @Test func namesAreFoundInEveryPlace() throws {
        let sample = try PlacesSample()
        try sample.fill()
        let (places, home) = (sample.places, sample.home)
        let snapshot = home + "/.cache/huggingface/hub/models--org--tiny/snapshots/0123abcd"
        for name in ["org/tiny", "hf:org/tiny", "org/tiny@main", "org/tiny@0123", "org/tiny@0123abcd"] {
            #expect(try places.path(of: name) == snapshot)
        }
        #expect(try places.path(of: "org/tiny/config.json") == snapshot + "/config.json")
        #expect(try places.path(of: home + "/.cache/huggingface/hub/models--org--tiny") == snapshot)
        let blob = home + "/.ollama/models/blobs/sha256-" + PlacesSample.digest
        for name in ["small", "small:latest", "library/small", "registry.ollama.ai/library/small:latest"] {
            #expect(try places.path(of: "ollama:" + name) == blob)
        }
        let file = home + "/.lmstudio/models/org/name/file.gguf"
        for name in ["lmstudio:org/name/file", "lmstudio:org/name/file.gguf", "org/name/file"] {
            #expect(try places.path(of: name) == file)
        }
        #expect(try places.path(of: "lmstudio:org/name") == home + "/.lmstudio/models/org/name")
        #expect(try places.path(of: "llama.cpp:cached") == home + "/.cache/llama.cpp/cached.gguf")
        #expect(
            places.models().map(\.name) == ["org/tiny", "ollama:small", "lmstudio:org/name/file", "llama.cpp:cached"])
    }

    @Test func foundModelsHaveTheirNamesAndRun() throws {
        let sample = try PlacesSample()
        try sample.fill()
        for (name, title) in [
            ("org/tiny", "tiny"), ("lmstudio:org/name/file", "file"), ("lmstudio:org/name", "name"),
            ("ollama:small", try ModelFiles(PlacesSample.gguf).gguf?["general.name"]?.string ?? ""),
        ] {
            let model = try Model(contentsOf: sample.places.path(of: name), needsTokenizer: false)
            #expect(model.name == title)
        }
        let summaries = sample.places.models().map { ModelSummary($0) }
        #expect(summaries.map(\.runs) == [true, true, true, true])
        #expect(summaries.map(\.family) == ["llama", "llama", "llama", "llama"])
        #expect(summaries[0].problem == "there is no tokenizer, so that it reads token ids alone")
        #expect(summaries[1].problem == nil && summaries[1].parameters == 35_872 && summaries[1].window == 512)
        #expect(summaries[1].shortParameters == "36 k" && summaries[1].megabytes == "1")
    }

    @Test func aPathThatExistsWins() throws {
        let sample = try PlacesSample()
        try sample.fill()
        let folder = Fixture.path("hf/llama_tied")
        #expect(try sample.places.path(of: folder) == folder)
        // What can only be a path is left to whoever opens it.
        for path in ["/nonexistent", "./none", "../none", "~none"] {
            #expect(try sample.places.path(of: path) == path)
        }
    }

    @Test func variablesSayWherePlacesAre() {
        let places = ModelPlaces(
            environment: [
                "HF_HOME": "/a", "OLLAMA_MODELS": "~/b", "LLAMA_CACHE": "/c", "XDG_CACHE_HOME": "/x",
                "HF_HUB_CACHE": "",
            ], home: "/home/me")
        #expect(
            places.roots == ["/a/hub", "/home/me/b", "/home/me/.lmstudio/models", "/x/lm-studio/models", "/c"])
        let hub = ModelPlaces(environment: ["HF_HOME": "/a", "HF_HUB_CACHE": "/h"], home: "/").roots[0]
        #expect(hub == "/h")
        #expect(ModelPlaces(environment: ["XDG_CACHE_HOME": "/x"], home: "/").roots[0] == "/x/huggingface/hub")
    }

    @Test func anotherFolderOfLMStudioIsFollowed() throws {
        let sample = try PlacesSample()
        try sample.write(".lmstudio-home-pointer", sample.home + "/elsewhere\n")
        try sample.link("elsewhere/models/a/b/c.gguf", to: PlacesSample.gguf)
        #expect(try sample.places.path(of: "lmstudio:a/b/c").hasSuffix("elsewhere/models/a/b/c.gguf"))
    }

    @Test func unknownNamesSayWhatIsNear() throws {
        let sample = try PlacesSample()
        #expect(sample.error("org/tiny").hasSuffix("; there are no models in these places"))
        try sample.fill()
        let error = sample.error("org/tinny")
        #expect(error.contains("\"org/tinny\": there is no such file or folder, and no model of that name in "))
        #expect(error.contains(sample.home + "/.cache/huggingface/hub") && error.hasSuffix("; near are org/tiny"))
        #expect(sample.error("TINY").hasSuffix("near are org/tiny"))
        #expect(sample.error("ollama:smal").contains("near are ollama:small"))
        #expect(!sample.error("ollama:none").contains("huggingface"))
        #expect(!error.contains("\n"))
    }

    @Test func revisionsAreFoundOrNamed() throws {
        let sample = try PlacesSample()
        try sample.snapshot("org--two", commit: "aaaa1111", branch: "old", of: "hf/llama_tied")
        try sample.snapshot("org--two", commit: "bbbb2222", branch: nil, of: "hf/llama_f16")
        let hub = sample.home + "/.cache/huggingface/hub/models--org--two/snapshots/"
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSince1970: 1000)], ofItemAtPath: hub + "aaaa1111")
        #expect(try sample.places.path(of: "org/two") == hub + "bbbb2222")
        #expect(try sample.places.path(of: "org/two@old") == hub + "aaaa1111")
        #expect(sample.error("org/two@none").contains("has no revision \"none\"; there are old, aaaa1111, bbbb2222"))
        #expect(sample.error("org/two@../../x").contains("has no revision"))
        #expect(sample.error("org/two/none.gguf").contains("has no file none.gguf"))
    }
}

extension ModelFiles {
    fileprivate var gguf: [String: GGUFValue]? {
        if case .gguf(let checkpoint) = kind { checkpoint.file.metadata } else { nil }
    }
}
