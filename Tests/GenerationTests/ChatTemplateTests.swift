import Foundation
import RopewalkFormats
import TestSupport
import Testing

@testable import RopewalkGeneration
@testable import RopewalkModels

/// Templates against what Jinja makes of them (Tests/Fixtures/make/make_templates.py).
struct ChatTemplateTests {
    private static let fixture = try? JSONDocument(contentsOf: Fixture.path("chat_templates.json")).root
    private static let cases = fixture?["cases"]?.array ?? []
    private static let faults = fixture?["faults"]?.array?.compactMap(\.string) ?? []

    @Test func areFilledInAsJinjaDoes() throws {
        #expect(Self.cases.count >= 50)
        for item in Self.cases {
            let (name, template) = (item["name"]?.string ?? "", item["template"]?.string ?? "")
            let values = (item["values"]?.members ?? []).map { ($0.key, TemplateValue($0.value)) }
            do {
                let text = try ChatTemplate(template, source: name).text(Dictionary(values) { $1 })
                #expect(text == item["text"]?.string, "\(name)")
            } catch {
                Issue.record("\(name): \(error)")
            }
        }
    }

    @Test func whatIsWrongOrNotKnownIsSaidByItsLine() throws {
        #expect(Self.faults.count >= 10)
        for template in Self.faults {
            #expect(throws: GenerationError.self, "\(template)") {
                try ChatTemplate(template, source: "t").text([:])
            }
        }
        do {
            _ = try ChatTemplate("a\n\n{{ x | sparkle }}", source: "t.json").text([:])
        } catch {
            #expect(error.description == "t.json: chat template: line 3: the filter 'sparkle' is not known")
        }
        // What Jinja would fill in and is not told apart here is refused by its name, not filled in otherwise.
        for (template, name) in [
            ("{{ '%(a)s' % {'a': 1} }}", "'%('"), ("{{ '%*d' % (5, 3) }}", "'%*'"), ("{{ '%a' % 'x' }}", "'%a'"),
            ("{% set pair = (1, 2) %}{{ '%s %s' % pair }}", "a list behind '%'"),
        ] {
            let error = #expect(throws: GenerationError.self) {
                try ChatTemplate(template, source: "t").text([:])
            }
            #expect(error?.description.contains(name) == true, "\(template): \(error?.description ?? "")")
        }
    }

    /// No template takes for ever, or all memory.
    @Test(arguments: [
        "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
        "{{ 'x' * 999999999 }}",
        "{% set ns = namespace(x='ab') %}{% for a in range(99) %}{% set ns.x = ns.x + ns.x %}{% endfor %}",
        "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}", "{{ 9223372036854775807 + 1 }}",
        "{{ range(999999999) | list }}", "{{ [0] * 999999999 }}", "{{ 999999999 * 'x' }}", "{{ '%999999999d' % 1 }}",
        "{{ '%.999999999f' % 1 }}", "{{ 'a\nb' | indent(999999999999) }}",
        "{{ ('x' * 9999999) | replace('', 'y') | replace('', 'z') }}",
        "{{ ([[0] * 9999] * 99) | sum(start=[]) | length * 'x' * 99999 }}",
        "{{ 99999999999999999999 }}", "{{ 'a' | replace('a', 'b' * 9999999) | replace('b', 'c' * 9999) }}",
        "{% set ns = namespace(x=[1]) %}{% for a in range(99) %}{% set ns.x = ns.x + ns.x %}{% endfor %}",
    ])
    func largeOnesAreRefused(template: String) {
        #expect(throws: GenerationError.self) { try ChatTemplate(template, source: "t").text([:]) }
    }

    /// One step over a large value is as much as many steps: what would take minutes, gigabytes or a stack as deep as its values is
    /// refused, whatever one step does.
    @Test(
        .timeLimit(.minutes(2)),
        arguments: [
            "{% for i in range(90000) %}{% set ns.l=[ns.l] %}{% endfor %}{{ ns.l|length }}",
            "{% for i in range(90000) %}{% set ns.l={'a': ns.l} %}{% endfor %}{{ ns.l == ns.l }}",
            "{% for i in range(60) %}{% set ns.l=[ns.l, ns.l] %}{% endfor %}{{ ns.l == ns.l }}",
            "{% for i in range(60) %}{% set ns.l=ns.l + ns.l %}{% endfor %}{{ ns.l|tojson|length }}",
            "{% set s='a'*900000 %}{% for i in range(99999) %}{% set ns.l = ns.l + [s.upper()] %}{% endfor %}x",
            "{% set s='a'*500000 %}{% for i in range(90000) %}{% if s.upper() == 'b' %}{% endif %}{% endfor %}",
            "{{ range(99999)|list|unique|list|length }}", "{{ ('\n'*1000000)|indent(1000)|length }}",
            "{{ range(99999)|join('a'*900000)|length }}",
        ]) func whatASingleStepMayCostIsLimited(template: String) throws
    {
        let whole = "{% set ns=namespace(l=[1]) %}" + template
        let error = #expect(throws: GenerationError.self) { try ChatTemplate(whole, source: "t").text([:]) }
        let text = error.map { "\($0)" } ?? ""
        #expect(["too many steps", "too deep", "too long"].contains { text.contains($0) }, "\(text)")
    }

    /// Long texts are searched, cut and put together in a time that grows with their length.
    @Test(.timeLimit(.minutes(1))) func longTextsAreNoTrouble() throws {
        func text(_ template: String) throws -> String { try ChatTemplate(template, source: "t").text([:]) }
        #expect(try text("{{ ('a '*400000).split(' ')|length }}") == "400001")
        #expect(try text("{{ ('a'*1000000).replace('a','b')|length }}") == "1000000")
        #expect(try text("{{ ('a'*900000).find('a'*400000 + 'b') }}") == "-1")
        #expect(try text("{{ ('ab'*3 + 'abc').find('abc') }} {{ 'aaaa'.split('aa')|length }}") == "6 3")
        #expect(try text("{{ ('x'*10).replace('xx', 'y') }} {{ 'abcabd'.count('ab') }}") == "yyyyy 2")
        // A chain of namespaces is given back one by one.
        let chain =
            "{% set a=namespace() %}{% set ns=namespace(c=a) %}{% for i in range(90000) %}{% set n=namespace() %}"
            + "{% set ns.c.d=n %}{% endfor %}x"
        _ = try? text(chain)
        let other =
            "{% set ns=namespace(c=namespace()) %}{% for i in range(90000) %}{% set ns.c=namespace(d=ns.c) %}{% endfor %}x"
        #expect(try text(other) == "x")
    }

    @Test func deepOnesAreRefused() {
        for template in [
            String(repeating: "(", count: 5000) + "1" + String(repeating: ")", count: 5000),
            String(repeating: "-", count: 5000) + "1", String(repeating: "[", count: 5000),
            "x" + String(repeating: ".y", count: 5000), "1" + String(repeating: " if 1 else 2", count: 500),
        ] {
            #expect(throws: GenerationError.self) { try ChatTemplate("{{ \(template) }}", source: "t").text([:]) }
        }
        let tags = String(repeating: "{% if 1 %}", count: 5000) + String(repeating: "{% endif %}", count: 5000)
        #expect(throws: GenerationError.self) { try ChatTemplate(tags, source: "t") }
    }

    /// Whatever stands in a template, nothing ends the program.
    @Test func brokenOnesDoNoHarm() {
        for item in Self.cases.prefix(24) {
            let bytes = Array((item["template"]?.string ?? "").utf8)
            for cut in stride(from: 0, to: bytes.count, by: 7) {
                var changed = Array(bytes[..<cut])
                if cut % 2 == 0 { changed += bytes.dropFirst(cut + 3) }
                let text = String(decoding: changed, as: UTF8.self)
                _ = try? ChatTemplate(text, source: "t").prompt([ChatMessage(role: "user", content: "x")])
            }
        }
    }

    @Test func aModelsOwnIsRead() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("chat-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        #expect(throws: GenerationError.self) {
            try ChatTemplate(GenerationDefaults(contentsOf: folder.path), model: "m")
        }
        let settings = """
            {"bos_token": {"content": "<s>"}, "eos_token": "</s>", "chat_template": [{"name": "other", "template": "no"}, \
            {"name": "default", "template": "{{ bos_token }}{% for m in messages %}{{ m.content }}{{ eos_token }}{% endfor %}"}]}
            """
        try Data(settings.utf8).write(to: folder.appendingPathComponent("tokenizer_config.json"))
        let template = try ChatTemplate(GenerationDefaults(contentsOf: folder.path), model: "m")
        let messages = [ChatMessage(role: "user", content: "a"), ChatMessage(role: "assistant", content: "b")]
        #expect(try template.prompt(messages) == "<s>a</s>b</s>")
        try Data("{{ messages | length }}".utf8).write(to: folder.appendingPathComponent("chat_template.jinja"))
        #expect(try ChatTemplate(GenerationDefaults(contentsOf: folder.path), model: "m").prompt(messages) == "2")
    }
}
