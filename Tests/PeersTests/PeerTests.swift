import Foundation
import RopewalkPeers
import Testing

/// Programs beside this one that do what they should, and all else.
@Suite(.serialized) struct PeerTests {
    @Test func aWorkerAnswers() throws {
        let worker = try FakeWorker(
            FakeWorker.loaded(
                #"sleep 0.1; echo '{"answer": {"seconds": 0.09, "losses": {"count": 2, "sum": 4, "mean": 2}}}'"#))
        let peer = try worker.peer()
        #expect(peer.name == "fake 1.0")
        for _ in 0..<3 { #expect(try peer.answer(.read([1, 2, 3])).losses?.mean == 2) }
        #expect(peer.peakMegabytes > 0)
    }

    /// More than a pipe holds, to a worker that is slow to read it.
    @Test func aLongQuestionIsWritten() throws {
        let reader = try FakeWorker(
            FakeWorker.loaded("sleep 0.3; printf '{\"error\": \"%s\"}\\n' \"${#line}\""))
        let question = PeerQuestion.read(Array(repeating: 12_345, count: 50_000))
        #expect(throws: PeerFailure.refused("\(question.line.utf8.count)")) { try reader.peer().answer(question) }
    }

    @Test func environmentSaysHowManyThreads() throws {
        let worker = try FakeWorker(FakeWorker.loaded("printf '{\"error\": \"%s\"}\\n' \"$OMP_NUM_THREADS\""))
        #expect(worker.failure() == .refused("2"))
    }

    @Test func whatIsNotThere() throws {
        #expect(throws: PeerFailure.self) { try ProgramPath.find("/nowhere/python3") }
        #expect(throws: PeerFailure.self) { try ProgramPath.find("no-such-program-at-all") }
        #expect(throws: PeerFailure.self) { try ProgramPath.find("") }
        #expect(throws: PeerFailure.self) { try ProgramPath.find("/") }
        #expect(try ProgramPath.find("sh", in: "/nowhere:/bin") == "/bin/sh")
        #expect(throws: PeerFailure.self) { try ChildProcess("/etc/passwd", arguments: []) }
        let missing = try FakeWorker("read line; echo '{\"missing\": \"torch transformers\"}'")
        #expect(missing.failure() == .missing(packages: "torch transformers"))
        #expect(missing.failure()?.description == "not installed: pip install torch transformers")
    }

    @Test func onesThatDie() throws {
        let silent = try FakeWorker("exit 3")
        #expect(silent.failure() == .ended(how: "it ended with status 3", errors: ""))
        let telling = try FakeWorker("read line; echo 'one' >&2; echo 'MemoryError: all of it' >&2; exit 1")
        #expect(telling.failure() == .ended(how: "it ended with status 1", errors: "MemoryError: all of it"))
        let killed = try FakeWorker(FakeWorker.loaded("kill -KILL $$"))
        #expect(killed.failure() == .ended(how: "it was killed, as where memory is short", errors: ""))
        let crashed = try FakeWorker(FakeWorker.loaded("kill -SEGV $$"))
        #expect(crashed.failure() == .ended(how: "it ended by signal 11", errors: ""))
    }

    @Test func onesThatHangAreEnded() throws {
        let worker = try FakeWorker(FakeWorker.loaded("sleep 1000"))
        let start = ContinuousClock.now
        #expect(worker.failure(patience: 1) == .silent(seconds: 1))
        #expect(ContinuousClock.now - start < .seconds(60))
    }

    /// With what they have started: a group of its own.
    @Test func nothingIsLeftBehind() throws {
        let worker = try FakeWorker(
            "sleep 1000 & read line; printf '{\"ready\": \"%s %s\"}\\n' $$ $!; while read line; do :; done")
        let peer = try worker.peer()
        let processes = peer.name.split(separator: " ").compactMap { pid_t($0) }
        #expect(processes.count == 2 && processes.allSatisfy { kill($0, 0) == 0 })
        peer.end()
        func isGone(_ process: pid_t) -> Bool {
            let status = (try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)) ?? ""
            // Nobody may have taken note yet of the end of what it had started.
            return status.isEmpty || status.contains(") Z")
        }
        for _ in 0..<500 where !processes.allSatisfy(isGone) { usleep(10_000) }
        #expect(processes.allSatisfy(isGone))
    }

    @Test func onesThatLie() throws {
        let fast = try FakeWorker(FakeWorker.loaded("sleep 1.5; echo '{\"answer\": {\"seconds\": 0.001}}'"))
        guard case .contradiction = fast.failure() else {
            Issue.record("\(String(describing: fast.failure()))")
            return
        }
        let slow = try FakeWorker(FakeWorker.loaded("echo '{\"answer\": {\"seconds\": 1000}}'"))
        guard case .contradiction = slow.failure() else {
            Issue.record("\(String(describing: slow.failure()))")
            return
        }
    }

    @Test(arguments: [
        "echo rubbish", "echo '{\"ready\": \"again\"}'", "printf '\\000\\377\\n'", "echo",
        "head -c 3000000 /dev/zero; sleep 1000",
    ]) func rubbishIsNoAnswer(_ script: String) throws {
        let worker = try FakeWorker(FakeWorker.loaded(script))
        let failure = worker.failure()
        guard case .rubbish = failure else {
            Issue.record("\(String(describing: failure))")
            return
        }
    }

    /// The second of two lines is not taken for the answer to the next question.
    @Test func nothingIsAnsweredBeforeItIsAsked() throws {
        let worker = try FakeWorker(
            FakeWorker.loaded("echo '{\"answer\": {\"seconds\": 0.001}}'; echo '{\"answer\": {\"seconds\": 0.001}}'"))
        let peer = try worker.peer()
        _ = try peer.answer(.read([1, 2]))
        usleep(200_000)
        #expect {
            _ = try peer.answer(.read([1, 2]))
        } throws: { error in
            guard case PeerFailure.rubbish = error else { return false }
            return true
        }
    }

    @Test func aProgramThatEndsByItselfIsReadToItsEnd() throws {
        let bench = try FakeWorker(
            #"echo 'loading' >&2; sleep 0.2; echo '[{"n_prompt": 8, "n_gen": 0, "avg_ns": 5e8}]'"#)
        let run = try LlamaBench(program: bench.path, model: "m", threads: 1, patience: 20).run(reading: 8)
        #expect(run.answer.seconds == 0.5 && run.megabytes > 0)
        let failing = try FakeWorker("echo 'no model' >&2; exit 1")
        #expect(throws: PeerFailure.ended(how: "it ended with status 1", errors: "no model")) {
            try LlamaBench(program: failing.path, model: "m", threads: 1, patience: 20).run(reading: 8)
        }
        let hanging = try FakeWorker("exec sleep 1000")
        #expect(throws: PeerFailure.silent(seconds: 1)) {
            try LlamaBench(program: hanging.path, model: "m", threads: 1, patience: 1).run(reading: 8)
        }
    }
}
