import RopewalkEvaluation
import Testing

struct NeedleTaskTests {
    @Test func specsAreReadAndWritten() throws {
        for kind in NeedleTask.Kind.allCases where kind != .own {
            #expect(try NeedleTask(parsing: kind.rawValue).spec == kind.rawValue)
            #expect(!kind.meaning.isEmpty)
            for parameter in kind.parameters {
                #expect(parameter.range.contains(parameter.usual))
                let spec = "\(kind.rawValue):\(parameter.name)=\(parameter.range.upperBound)"
                let task = try NeedleTask(parsing: spec)
                #expect(task.spec == (parameter.usual == parameter.range.upperBound ? kind.rawValue : spec))
                #expect(try NeedleTask(parsing: task.spec) == task)
            }
        }
        #expect(try NeedleTask(parsing: "vt:hops=4,chains=1") == NeedleTask(.variables))
        #expect(try NeedleTask.tasks(parsing: "ruler").count == 13)
        #expect(try NeedleTask.tasks(parsing: "needlebench").map(\.kind) == NeedleTask.Kind.needleBench)
        #expect(NeedleTask(.variables).hasDepth && !NeedleTask(.commonWords).hasDepth)
    }

    @Test(arguments: [
        "", "own", "passkeys:", "vt:", "vt:hops", "vt:hops=", "vt:hops=0", "vt:hops=17", "vt:hops=x", "vt:n=1",
        "needle:x=1",
        "vt:hops=4,,chains=1", "cwe:common=99999999999999999999", "\u{1B}[31m",
    ])
    func whatIsNoTaskIsRefused(text: String) {
        #expect(throws: NeedleError.self) { try NeedleTask(parsing: text) }
    }

    @Test func aMistypedNameIsLedBack() {
        #expect {
            try NeedleTask(parsing: "paskey")
        } throws: { "\($0)".contains("did you mean passkey") }
    }
}
