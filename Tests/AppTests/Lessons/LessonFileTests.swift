import RopewalkCellGrid
import RopewalkViews
import Testing

@testable import RopewalkApp

@Suite struct LessonFileTests {
    static let text = """
        # A lesson.
        title: Rabbits
        title.zh: 兔子
        sentence: The rabbit ran.
        tokens: 40
        method: window:size=16
        preset: word

        step:
        do: goto token 3; word scores
        look: word, text
        say: This is what
          is said.
        say.zh: 这是
          说明。
        ask: Why?
        answer: Because.
        expect: screen score = q·k
        expect: no screen preview
        expect: steps weight 0 = 0.5 ± 0.5
        step: the second
        say: More.
        expect: losses nats 1-3 > 0
        """

    @Test func lessonsAreRead() throws {
        let lesson = try Lesson(parsing: Self.text, file: "a.lesson")
        #expect(lesson.title.text(in: .chinese) == "兔子" && lesson.title.text(in: .english) == "Rabbits")
        #expect(lesson.sentence == "The rabbit ran." && lesson.text == nil && lesson.tokens == 40)
        #expect(lesson.methods == ["window:size=16"] && lesson.preset == .word && lesson.steps.count == 2)
        let step = lesson.steps[0]
        #expect(step.caption.english == "This is what is said." && step.caption.chinese == "这是说明。")
        #expect(step.actions == [.action(.move(.toToken(3))), .action(.word(.step(.scores)))])
        #expect(step.look == [.word, .text] && step.question?.english == "Why?" && step.claims.count == 3)
        #expect(step.claims[0].kind == .screen("score = q·k", isThere: true))
        #expect(step.claims[2].kind == .number(.steps, column: "weight", tokens: 0...0, .about(0.5, tolerance: 0.5)))
        #expect(lesson.steps[1].claims[0].kind == .number(.losses, column: "nats", tokens: 1...3, .above(0)))
        #expect(lesson.steps[1].caption.text(in: .chinese) == "More.")
    }

    @Test(arguments: [
        ("", 1, "no step"), ("title: A", 1, "no step"), ("step:\nsay: a", 1, "no title"),
        (" goes on", 1, "nothing stands before"), ("title: A\nno colon", 2, "no line of a lesson"),
        ("title: A\ncolour: red\nstep:\nsay: a", 2, "'colour' is not known"),
        ("title: A\ntitle: B\nstep:\nsay: a", 2, "twice"), ("title:\nstep:\nsay: a", 1, "no value"),
        ("title: A\ntext: a\nsentence: b\nstep:\nsay: a", 3, "leave one out"),
        ("title: A\ntokens: many\nstep:\nsay: a", 2, "whole number"),
        ("title: A\npreset: x\nstep:\nsay: a", 2, "explore"),
        ("title.zh: A\nstep:\nsay: a", 1, "has no title:"), ("title: A\nstep:\n", 2, "says nothing"),
        ("title: A\nstep:\nsay: a\nask: b", 2, "no answer"), ("title: A\nstep:\nsay: a\nanswer: b", 2, "no ask"),
        ("title: A\nstep:\nsay: a\ndo: fly", 4, "no action is called 'fly'"),
        ("title: A\nstep:\nsay: a\ndo: goto token 3; quit", 4, "'quit' is no action for a lesson"),
        ("title: A\nstep:\nsay: a\ndo: save row a.csv", 4, "leaves files alone"),
        ("title: A\nstep:\nsay: a\nlook: pane", 4, "text, map"),
        ("title: A\nstep:\nsay: a\nexpect: rain", 4, "expect: takes"),
        ("title: A\nstep:\nsay: a\nexpect: steps weight 0 = 0.5", 4, "expect: takes"),
        ("title: A\nstep:\nsay: a\nexpect: steps weight 9-3 > 0.5", 4, "expect: takes"),
        ("title: A\nstep:\nsay: a\nexpect: steps weight 0 > nan", 4, "expect: takes"),
    ]) func errorsNameTheLine(text: String, line: Int, words: String) throws {
        do {
            _ = try Lesson(parsing: text, file: "a.lesson")
            Issue.record("'\(text)' was taken")
        } catch {
            let sentence = error.description
            #expect(sentence.hasPrefix("a.lesson:\(line): ") && sentence.contains(words), "\(sentence)")
            #expect(!sentence.contains("\n"))
        }
    }

    @Test func aLessonHasItsLimits() {
        let steps = String(repeating: "step:\nsay: a\n", count: 201)
        #expect(throws: AppError.self) { try Lesson(parsing: "title: A\n" + steps, file: "a") }
        let long = "title: " + String(repeating: "a", count: Lesson.mostBytes) + "\nstep:\nsay: a"
        #expect(throws: AppError.self) { try Lesson(parsing: long, file: "a") }
    }

    @Test func captionsAreWrappedInBothLanguages() {
        #expect(Sentence.broken("one two three", width: 8) == ["one two", "three"])
        // A word of one letter does not take the place of the blank before it.
        #expect(
            Sentence.broken("one a", width: 4) == ["one", "a"] && Sentence.broken("a b c", width: 3) == ["a b", "c"])
        #expect(Sentence.broken("注意力的权重，加起来。", width: 8) == ["注意力的", "权重，加", "起来。"])
        // No line begins with what ends a sentence.
        #expect(Sentence.broken("注意力权，好", width: 8) == ["注意力", "权，好"])
        for width in 1..<30 {
            for line in Sentence.broken("“on”的查询向量与键向量的点积，再除以 √32（32 维）。", width: width) {
                #expect(CellWidth.of(line) <= width)
            }
        }
    }
}
