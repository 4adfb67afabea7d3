import CRopewalkPeers
import Foundation
import Glibc
import RopewalkPhrases

/// A program that runs beside this one: asked by lines, ended on every way out.
///
/// One thread at a time starts and asks them.
package final class ChildProcess {
    private let process: pid_t
    /// What it reads, what it writes, its errors.
    private let ends: [Int32]
    private var output: [UInt8] = []
    private var errors: [UInt8] = []
    private var hasErrors = true
    private var isEnded = false
    /// The largest resident set that was seen, in megabytes of 1,048,576 bytes.
    package private(set) var peakMegabytes = 0.0

    private static let mostBytes = 1 << 20
    private static let mostErrors = 4096

    /// - Parameters:
    ///   - program: a path, or a name that is looked for in PATH.
    ///   - environment: what is set besides what this process has.
    package init(
        _ program: String, arguments: [String], environment: [String: String] = [:]
    ) throws(PeerFailure) {
        let path = try ProgramPath.find(program)
        var words = ([path] + arguments).map { strdup($0) } + [nil]
        let all = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        var variables = all.map { strdup("\($0)=\($1)") } + [nil]
        defer { (words + variables).forEach { free($0) } }
        var ends: [Int32] = [-1, -1, -1]
        process = peers_start(&words, &variables, &ends)
        self.ends = ends
        guard process > 0 else { throw .noProgram(name: program, reason: String(cString: strerror(errno))) }
    }

    deinit {
        end()
        if process > 0 { ends.forEach { Glibc.close($0) } }
    }

    /// Kills it and what it has started; gives how it ended, as waitpid(2) does.
    @discardableResult
    package func end() -> Int32 {
        guard process > 0, !isEnded else { return -1 }
        isEnded = true
        return peers_end(process)
    }

    /// Writes a line, and waits for one.
    /// - Throws: `PeerFailure.silent`, `.ended` or `.rubbish`; the process is ended then.
    package func ask(_ line: String, within seconds: Int) throws(PeerFailure) -> String {
        do throws(PeerFailure) {
            // What was said before it was asked is no answer.
            take(ends[1], into: &output)
            guard output.isEmpty else { throw .rubbish(PeerMessage.beginning(String(decoding: output, as: UTF8.self))) }
            var pending = Array((line + "\n").utf8)[...]
            let start = ContinuousClock.now
            while true {
                if let end = output.firstIndex(of: 0x0A) {
                    let answer = String(decoding: output[..<end], as: UTF8.self)
                    output.removeFirst(end + 1)
                    notePeak()
                    return answer
                }
                guard try wait(&pending, until: start + .seconds(seconds)) else { throw .silent(seconds: seconds) }
            }
        } catch {
            end()
            throw error
        }
    }

    /// All that it writes until it has ended well.
    /// - Throws: as `ask`.
    package func everything(within seconds: Int) throws(PeerFailure) -> String {
        var nothing: ArraySlice<UInt8> = []
        let end = ContinuousClock.now + .seconds(seconds)
        do throws(PeerFailure) {
            while try wait(&nothing, until: end, isDoneAtEnd: true) {
                if isEnded { return String(decoding: output, as: UTF8.self) }
            }
        } catch {
            self.end()
            throw error
        }
        self.end()
        throw .silent(seconds: seconds)
    }

    /// Passes on what can be passed on; false after the deadline.
    private func wait(
        _ pending: inout ArraySlice<UInt8>, until end: ContinuousClock.Instant, isDoneAtEnd: Bool = false
    ) throws(PeerFailure) -> Bool {
        let left = (end - ContinuousClock.now) / .milliseconds(1)
        guard left > 0 else { return false }
        var sources = [
            pollfd(fd: ends[1], events: Int16(POLLIN), revents: 0),
            pollfd(fd: hasErrors ? ends[2] : -1, events: Int16(POLLIN), revents: 0),
            pollfd(fd: pending.isEmpty ? -1 : ends[0], events: Int16(POLLOUT), revents: 0),
        ]
        // Memory is looked at meanwhile: a process that has ended has none.
        guard poll(&sources, 3, Int32(min(left + 1, 50))) > 0 else {
            notePeak()
            return true
        }
        if sources[1].revents != 0 {
            hasErrors = take(ends[2], into: &errors)
            errors = errors.suffix(Self.mostErrors)
        }
        if sources[2].revents != 0 {
            let count = pending.withUnsafeBytes { send(ends[0], $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            // Where nobody reads any more, its output has an end too.
            pending = count > 0 ? pending.dropFirst(count) : errno == EAGAIN || errno == EINTR ? pending : []
        }
        guard sources[0].revents != 0 else { return true }
        let goesOn = take(ends[1], into: &output)
        guard output.count <= Self.mostBytes else { throw .rubbish(say("more than \(Self.mostBytes) bytes on a line")) }
        if !goesOn { try finish(isDoneAtEnd: isDoneAtEnd, until: end) }
        return true
    }

    /// Its output has an end.
    private func finish(isDoneAtEnd: Bool, until end: ContinuousClock.Instant) throws(PeerFailure) {
        let patience = ContinuousClock.now + .seconds(2)
        while !peers_has_ended(process), ContinuousClock.now < min(end, patience) { usleep(2000) }
        guard peers_has_ended(process) else {
            throw .ended(how: say("it closed its output"), errors: lastError)
        }
        let status = self.end()
        if hasErrors { take(ends[2], into: &errors) }
        if isDoneAtEnd, status == 0 { return }
        let signal = status & 0x7F
        let how =
            signal == SIGKILL
            ? say("it was killed, as where memory is short")
            : signal != 0 ? say("it ended by signal \(signal)") : say("it ended with status \(status >> 8 & 0xFF)")
        throw .ended(how: how, errors: lastError)
    }

    /// Reads what is there; false where nothing more will come.
    @discardableResult
    private func take(_ source: Int32, into bytes: inout [UInt8]) -> Bool {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = read(source, &buffer, buffer.count)
        if count > 0 { bytes += buffer[..<count] }
        return count > 0 || count < 0 && (errno == EAGAIN || errno == EINTR)
    }

    private var lastError: String {
        let lines = String(decoding: errors, as: UTF8.self).split(whereSeparator: \.isNewline)
        return PeerMessage.beginning(lines.last { !$0.allSatisfy(\.isWhitespace) }.map(String.init) ?? "")
    }

    /// `VmHWM` of proc(5), in units of 1,024 bytes.
    private func notePeak() {
        guard let text = try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8),
            let line = text.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") }),
            let number = line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap({ Double($0) })
        else { return }
        peakMegabytes = max(peakMegabytes, number / 1024)
    }
}
