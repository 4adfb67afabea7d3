import Foundation
import TestSupport
import Testing

/// Recordings that the Python side makes of models of transformers: its own tests, only where Python has what they need.
@Suite(.enabled(if: Python.hasTransformers, "ROPEWALK_PYTHON names no Python with torch and transformers"))
struct CapturePythonTests {
    @Test(arguments: ["test_capture", "test_capture_families"])
    func recordingsAreWhatModelsCompute(_ module: String) throws {
        let folder = Fixture.project.appendingPathComponent("Tests/PythonTests").path
        let (status, output) = try Python.run(
            """
            import sys, unittest, warnings
            warnings.simplefilter("ignore")
            sys.path.insert(0, "\(folder)")
            found = unittest.defaultTestLoader.loadTestsFromName("\(module)")
            sys.exit(not unittest.TextTestRunner().run(found).wasSuccessful())
            """)
        #expect(status == 0, "\(output)")
    }
}
