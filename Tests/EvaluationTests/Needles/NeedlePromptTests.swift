import RopewalkDocuments
import RopewalkEvaluation
import RopewalkMethods
import RopewalkModels
import Testing

struct NeedlePromptTests {
    private static func prompts(
        _ haystack: Haystack, _ task: NeedleTask, lengths: [Int] = [2600], depths: [Int] = [0, 50, 100],
        seeds: [Int] = [0, 1]
    ) throws -> [(NeedlePrompt.Place, NeedlePrompt)] {
        var prompts: [(NeedlePrompt.Place, NeedlePrompt)] = []
        for length in lengths {
            for depth in depths {
                for seed in seeds {
                    let place = NeedlePrompt.Place(length: length, depth: depth, seed: seed)
                    prompts.append((place, try NeedlePrompt(task, at: place, in: haystack, choices: 4)))
                }
            }
        }
        return prompts
    }

    /// Of every task: lengths kept, needles where it is said, the answer at the end and its facts in the needles, other answers
    /// that are others; the same again for the same seed, something else for another one.
    @Test(arguments: NeedleSample.tasks)
    func promptsAreWhatTheyAreSaidToBe(task: NeedleTask) throws {
        let model = try NeedleSample.model()
        let haystack = try NeedleSample.haystack(model)
        var texts: Set<[Int32]> = []
        for (place, prompt) in try Self.prompts(haystack, task) {
            #expect(
                prompt.ids.count <= place.length && prompt.ids.count > place.length / 2,
                "\(task.spec) \(prompt.ids.count)")
            #expect(prompt.ids.first == 0 && prompt.ids.dropFirst().allSatisfy { $0 > 1 })
            #expect(prompt.answer.upperBound == prompt.ids.count && !prompt.answer.isEmpty)
            let answer = NeedleSample.text(prompt.ids[prompt.answer], haystack)
            #expect(answer.hasSuffix(prompt.answerText) && answer.count <= prompt.answerText.count + 1)
            #expect(prompt.parts.count == prompt.answers.count)
            for (part, text) in zip(prompt.parts, prompt.answers) {
                #expect(NeedleSample.text(prompt.ids[part], haystack).contains(text))
            }
            // What is asked for stands in the needles.
            let needles = prompt.askedTokens.map { NeedleSample.text(prompt.ids[$0], haystack) }
            for answer in prompt.answers {
                #expect(needles.contains { $0.contains(answer) }, "\(task.spec): \(answer)")
            }
            #expect(prompt.needles.allSatisfy { $0.tokens.upperBound <= prompt.asking && (0...100).contains($0.depth) })
            #expect(Set(prompt.choices).count == prompt.choices.count && !prompt.choices.contains(prompt.rightChoice))
            #expect(prompt.choiceStart <= prompt.answer.lowerBound)
            let again = try NeedlePrompt(task, at: place, in: haystack, choices: 4)
            #expect(again.ids == prompt.ids && again.choices == prompt.choices)
            texts.insert(prompt.ids)
        }
        #expect(texts.count == (task.hasDepth ? 6 : 2))
    }

    @Test(arguments: [NeedleTask(.passkey), NeedleTask(.single1), NeedleTask(.variables), NeedleTask(.benchMulti)])
    func lengthsAreExactWhereTheFillerIsCutAnywhere(task: NeedleTask) throws {
        let haystack = try NeedleSample.haystack(try NeedleSample.model())
        for (place, prompt) in try Self.prompts(haystack, task, lengths: [300, 511, 512, 9000], seeds: [3]) {
            #expect(prompt.ids.count == place.length)
        }
    }

    /// Depth 100 is right before the question; a needle follows the end of a sentence, and is then not deeper than asked for.
    @Test func depthsAreRoundedToSentences() throws {
        let haystack = try NeedleSample.haystack(try NeedleSample.model())
        var moved = 0
        for depth in stride(from: 0, through: 100, by: 10) {
            let place = NeedlePrompt.Place(length: 1024, depth: depth, seed: 5)
            let prompt = try NeedlePrompt(NeedleTask(.needle), at: place, in: haystack)
            let needle = prompt.needles[0]
            #expect(
                needle.wanted == Double(depth) && needle.depth <= Double(depth) && needle.depth > Double(depth) - 12)
            if needle.depth < Double(depth) { moved += 1 }
            if depth > 0, depth < 100 {
                let before = NeedleSample.text(prompt.ids[..<needle.tokens.lowerBound], haystack)
                let end = before.reversed().first { !$0.isWhitespace && !"”’\"')".contains($0) }
                #expect(".!?".contains(end ?? " "), "\(depth): \(before.suffix(20))")
            }
            let anywhere = try NeedlePrompt(NeedleTask(.needle), at: place, in: haystack, borders: .any)
            #expect(abs(anywhere.needles[0].depth - Double(depth)) < 0.2)
        }
        #expect(moved > 3)
        let last = try NeedlePrompt(
            NeedleTask(.needle), at: .init(length: 512, depth: 100, seed: 1), in: haystack)
        #expect(
            NeedleSample.text(last.ids[last.needles[0].tokens.upperBound...].prefix(3), haystack).hasPrefix("\nWhere"))
    }

    @Test func severalNeedlesAreSpreadFromTheDepthOn() throws {
        let haystack = try NeedleSample.haystack(try NeedleSample.model())
        let task = try NeedleTask(parsing: "needlebench-multi:needles=4")
        let prompt = try NeedlePrompt(task, at: .init(length: 2000, depth: 20, seed: 0), in: haystack)
        #expect(prompt.needles.map(\.wanted) == [20, 40, 60, 80])
        #expect(prompt.needles.map(\.tokens.lowerBound) == prompt.needles.map(\.tokens.lowerBound).sorted())
    }

    /// A text that is too short is read again from its beginning, and that is said.
    @Test func aShortTextIsReadAgain() throws {
        let model = try NeedleSample.model()
        let haystack = try NeedleSample.haystack(model, characters: 700)
        let prompt = try NeedlePrompt(NeedleTask(.passkey), at: .init(length: 1024, depth: 0, seed: 0), in: haystack)
        #expect(prompt.repeats > 1 && prompt.ids.count == 1024)
        let body = Array(prompt.ids[prompt.needles[0].tokens.upperBound...])
        #expect(Array(body[..<haystack.ids.count]) == haystack.ids)
        #expect(Array(body[haystack.ids.count...].prefix(50)) == Array(haystack.ids.prefix(50)))
        let whole = try NeedleSample.haystack(model)
        #expect(
            try NeedlePrompt(NeedleTask(.passkey), at: .init(length: 512, depth: 0, seed: 0), in: whole).repeats == 0)
    }

    @Test func whatDoesNotFitIsRefused() throws {
        let model = try NeedleSample.model()
        let haystack = try NeedleSample.haystack(model)
        for task in NeedleSample.tasks {
            #expect {
                try NeedlePrompt(task, at: .init(length: 16, depth: 50, seed: 0), in: haystack)
            } throws: { error in
                guard case .tooShort(_, 16, let needed)? = error as? NeedleError else { return false }
                // As long as it says is long enough.
                return (try? NeedlePrompt(task, at: .init(length: needed, depth: 50, seed: 0), in: haystack)) != nil
            }
        }
        let tokenizer = try #require(model.tokenizer)
        #expect(throws: NeedleError.emptyText("text")) {
            try Haystack(Document("", tokenizer: tokenizer), tokenizer: tokenizer)
        }
    }

    /// Ranges of a text that prompts of several lengths have in common.
    @Test func lengthsAndDepthsShareNeedleAndText() throws {
        let haystack = try NeedleSample.haystack(try NeedleSample.model())
        let prompts = try Self.prompts(
            haystack, NeedleTask(.passkey), lengths: [512, 1024], depths: [0, 100], seeds: [7])
        #expect(Set(prompts.map { $0.1.answerText }).count == 1)
        let bodies = prompts.map { _, prompt in
            Array(
                prompt.ids[1..<prompt.needles[0].tokens.lowerBound] + prompt.ids[prompt.needles[0].tokens.upperBound...]
            )
        }
        #expect(bodies[0] == bodies[1] && bodies[2] == bodies[3])
        #expect(Array(bodies[0].prefix(400)) == Array(bodies[2].prefix(400)))
    }
}
