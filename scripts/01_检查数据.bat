@echo off
rem Drop a project folder on this file, or double-click it for the sample.
chcp 65001 >nul
set "PY=%~dp0..\.venv\Scripts\python.exe"
if exist "%PY%" goto found
type "%~dp0no_environment.txt"
pause
exit /b 3
:found
"%PY%" "%~dp0%~n0.py" %*
pause
